#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

/// The names of an enum's constants, as the compiler spells them. Pure functions: safe from any
/// thread.
namespace hailstorm {
namespace enum_names {

/// "not_found" for Errc::not_found; empty where no constant has the value. GCC writes
/// "… [with auto Value = hailstorm::Errc::not_found; …]", clang "… [Value = …]", and both write a
/// value without a constant as "(hailstorm::Errc)7".
template <auto Value>
constexpr std::string_view name_of_value() {
  constexpr std::string_view kMark = "Value = ";
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find(kMark) + kMark.size());
  text = text.substr(0, text.find_first_of(";]"));
  if (text.starts_with('(')) return {};
  return text.substr(text.rfind(':') + 1);
}

template <class E, int64_t First, size_t... Index>
constexpr auto names_from(std::index_sequence<Index...> /*of the table*/) {
  return std::array{name_of_value<static_cast<E>(First + static_cast<int64_t>(Index))>()...};
}

}  // namespace enum_names

/// The constant's own name; "unknown" where `value` is none of the constants from First to Last.
/// Each value in that range costs time to compile: call it in one source file for each enum.
template <int64_t First = 0, int64_t Last = 31, class E>
[[nodiscard]] constexpr std::string_view enum_name(E value) {
  constexpr auto kNames =
      enum_names::names_from<E, First>(std::make_index_sequence<Last - First + 1>());
  const auto number = static_cast<int64_t>(value);
  if (number < First || number > Last) return "unknown";
  const std::string_view name = kNames[static_cast<size_t>(number - First)];
  return name.empty() ? "unknown" : name;
}

}  // namespace hailstorm
