#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "common/kafka/message_reader.h"
#include "common/kafka/message_writer.h"
#include "common/kafka/value_type.h"

/// How the value of a field is read and written, by its C++ type. Pure functions of the reader or
/// writer given: safe from any thread.
namespace hailstorm::kafka {

template <Sized T>
inline constexpr LengthWidth kLengthWidth =
    std::is_same_v<T, std::string> ? LengthWidth::two_bytes : LengthWidth::four_bytes;

template <class T>
void read_value(MessageReader& from, T& value, bool may_be_null);
template <class T>
void write_value(MessageWriter& to, const T& value, bool may_be_null);

inline void read_content(MessageReader& from, size_t size, std::string& into) {
  if (from.may_take(size)) into = as_text(from.take(size));
}
inline void read_content(MessageReader& from, size_t size, Opaque& into) {
  read_content(from, size, into.bytes);
}
inline void read_content(MessageReader& from, size_t size, Records& into) {
  into.bytes = from.take(size);
}
template <class T>
void read_content(MessageReader& from, size_t count, std::vector<T>& into) {
  if (!from.may_take(count * sizeof(T))) return;
  into.resize(count);
  for (size_t i = 0; i < count; ++i) {
    read_value(from, into[i], false);
    if (from.failed()) return from.failed_at(i);
  }
}

template <class T>
void read_value(MessageReader& from, T& value, bool may_be_null) {
  if constexpr (kIsOptional<T>) {
    using Inner = typename T::value_type;
    value.reset();
    if constexpr (Sized<Inner>) {
      if (const auto size = from.length(kLengthWidth<Inner>)) {
        read_content(from, *size, value.emplace());
      } else if (!may_be_null) {
        from.fail(MessageErrc::unexpected_null);
      }
    } else if (!may_be_null || from.integer<int8_t>() >= 0) {
      value = Inner();
      read_value(from, *value, false);
    }
  } else if constexpr (Sized<T>) {
    const auto size = from.length(kLengthWidth<T>);
    if (!size) return from.fail(MessageErrc::unexpected_null);
    read_content(from, *size, value);
  } else if constexpr (Structure<T>) {
    from.read(T::fields(), &value);
  } else if constexpr (std::is_same_v<T, bool>) {
    value = from.integer<int8_t>() != 0;
  } else if constexpr (std::is_same_v<T, double>) {
    value = std::bit_cast<double>(from.integer<int64_t>());
  } else if constexpr (std::is_same_v<T, Uuid>) {
    value = from.uuid();
  } else {
    value = from.integer<T>();
  }
}

/// A text that is too long for its version is cut, so that what comes after it stays readable.
inline void write_content(MessageWriter& to, const std::string& value) {
  const size_t longest = to.is_flexible() ? INT32_MAX : INT16_MAX;
  const auto text = std::string_view(value).substr(0, longest);
  to.length(text.size(), LengthWidth::two_bytes);
  to.raw(text);
}
inline void write_content(MessageWriter& to, const Opaque& value) {
  to.length(value.bytes.size(), LengthWidth::four_bytes);
  to.raw(value.bytes);
}
inline void write_content(MessageWriter& to, const Records& value) {
  to.length(value.bytes.size(), LengthWidth::four_bytes);
  to.records(value.bytes);
}
template <class T>
void write_content(MessageWriter& to, const std::vector<T>& values) {
  to.length(values.size(), LengthWidth::four_bytes);
  for (const T& value : values) write_value(to, value, false);
}

/// Null is written as empty where the version has no null.
template <class T>
void write_value(MessageWriter& to, const T& value, bool may_be_null) {
  if constexpr (kIsOptional<T>) {
    using Inner = typename T::value_type;
    if constexpr (Sized<Inner>) {
      if (!value && may_be_null) return to.length(std::nullopt, kLengthWidth<Inner>);
    } else if (may_be_null) {
      to.integer(static_cast<int8_t>(value ? 1 : -1));
      if (!value) return;
    }
    if (value) return write_value(to, *value, false);
    write_value(to, Inner(), false);
  } else if constexpr (Sized<T>) {
    write_content(to, value);
  } else if constexpr (Structure<T>) {
    to.write(T::fields(), &value);
  } else if constexpr (std::is_same_v<T, bool>) {
    to.integer(static_cast<int8_t>(value ? 1 : 0));
  } else if constexpr (std::is_same_v<T, double>) {
    to.integer(std::bit_cast<int64_t>(value));
  } else if constexpr (std::is_same_v<T, Uuid>) {
    to.uuid(value);
  } else {
    to.integer(value);
  }
}

}  // namespace hailstorm::kafka
