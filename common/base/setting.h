#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/value_kinds.h"

/// The settings of a program: the one place where texts become values.
namespace hailstorm {

/// Takes one text for a setting, or refuses it.
struct Taker {
  std::string wanted;                            // "a whole number from 1 to 600000 ms"
  std::string label;                             // the same in --help: "1..600000"
  std::function<bool(const std::string&)> take;  // false: the text is refused
};

[[nodiscard]] Taker text_taker(std::function<void(const std::string&)> set);
[[nodiscard]] Taker checked_taker(const TextCheck& check,
                                  std::function<void(const std::string&)> set);
[[nodiscard]] Taker number_taker(int64_t& target, Range range);
[[nodiscard]] Taker decimal_taker(DecimalRange range, std::function<void(double)> set);
[[nodiscard]] Taker choice_taker(std::string& target, const std::vector<std::string>& choices);
[[nodiscard]] Taker choices_taker(std::vector<std::string>& target,
                                  const std::vector<std::string>& choices);
[[nodiscard]] Taker host_taker(std::string& target);
[[nodiscard]] Taker hosts_taker(std::vector<std::string>& target);
[[nodiscard]] Taker address_taker(std::string& target, const std::string& scheme);
[[nodiscard]] Taker flag_taker(bool& target);

/// A setting by its names, and what it takes.
///
/// Thread safety: not safe.
struct Setting {
  std::string name;      // "--rate", or a positional argument's name
  std::string variable;  // empty: none
  bool is_list = false;
  Taker taker;

  /// Takes the `texts` that were given; gives why one is refused, if one is. `arguments`: the whole
  /// command line.
  [[nodiscard]] std::optional<std::string> take_all(
      const std::vector<std::string>& texts, const std::vector<std::string>& arguments) const;
};

}  // namespace hailstorm
