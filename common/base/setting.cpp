#include "common/base/setting.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/address.h"
#include "common/base/number_text.h"

namespace hailstorm {
namespace {

/// "debug, info, warn or error"
std::string in_words(const std::vector<std::string>& choices) {
  if (choices.size() == 1) return choices.front();
  return fmt::format("{} or {}", fmt::join(choices.begin(), choices.end() - 1, ", "),
                     choices.back());
}

std::string with_unit(std::string_view unit) {
  return unit.empty() ? "" : fmt::format(" {}", unit);
}

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts;
  for (size_t begin = 0;;) {
    const size_t comma = text.find(',', begin);
    parts.push_back(text.substr(begin, comma - begin));
    if (comma == std::string::npos) return parts;
    begin = comma + 1;
  }
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

Taker text_taker(std::function<void(const std::string&)> set) {
  return checked_taker(
      {"a text that is not empty", "TEXT", [](const auto& text) { return !text.empty(); }},
      std::move(set));
}

Taker checked_taker(const TextCheck& check, std::function<void(const std::string&)> set) {
  return {check.wanted, check.label,
          [fits = check.fits, set = std::move(set)](const std::string& text) {
            if (!fits(text)) return false;
            set(text);
            return true;
          }};
}

Taker number_taker(int64_t& target, Range range) {
  return {
      fmt::format("a whole number from {} to {}{}", range.least, range.most, with_unit(range.unit)),
      fmt::format("{}..{}", range.least, range.most), [&target, range](const std::string& text) {
        const auto number = whole_number(text);
        if (!number || *number < range.least || *number > range.most) return false;
        target = *number;
        return true;
      }};
}

Taker decimal_taker(DecimalRange range, std::function<void(double)> set) {
  return {fmt::format("a number from {} to {}{}", range.least, range.most, with_unit(range.unit)),
          fmt::format("{}..{}", range.least, range.most),
          [range, set = std::move(set)](const std::string& text) {
            const auto number = decimal_number(text);
            if (!number || *number < range.least || *number > range.most) return false;
            set(*number);
            return true;
          }};
}

Taker choice_taker(std::string& target, const std::vector<std::string>& choices) {
  return {in_words(choices), fmt::format("{}", fmt::join(choices, "|")),
          [&target, choices](const std::string& text) {
            if (!contains(choices, text)) return false;
            target = text;
            return true;
          }};
}

Taker choices_taker(std::vector<std::string>& target, const std::vector<std::string>& choices) {
  const std::string wanted = choices.size() == 1
                                 ? choices.front()
                                 : "some of " + in_words(choices) + ", each once, with commas";
  return {wanted, fmt::format("{}", fmt::join(choices, ",")),
          [&target, choices](const std::string& text) {
            std::vector<std::string> taken;
            for (auto& part : split_at_commas(text)) {
              if (!contains(choices, part) || contains(taken, part)) return false;
              taken.push_back(std::move(part));
            }
            target = std::move(taken);
            return true;
          }};
}

Taker host_taker(std::string& target) {
  return {"a host name or an IP address, like localhost, 0.0.0.0 or ::1", "HOST",
          [&target](const std::string& text) {
            auto host = parse_host(text);
            if (!host) return false;
            target = std::move(*host);
            return true;
          }};
}

Taker hosts_taker(std::vector<std::string>& target) {
  return {"host names or IP addresses, with commas between them", "HOST,...",
          [&target](const std::string& text) {
            std::vector<std::string> taken;
            for (const auto& part : split_at_commas(text)) {
              auto host = parse_host(part);
              if (!host) return false;
              taken.push_back(std::move(*host));
            }
            target = std::move(taken);
            return true;
          }};
}

Taker address_taker(std::string& target, const std::string& scheme) {
  return {fmt::format("one address, {}://HOST:PORT with a port from 1 to 65535 and an IPv6 address "
                      "in brackets",
                      scheme),
          scheme + "://HOST:PORT", [&target, scheme](const std::string& text) {
            if (!parse_address(text, scheme).ok()) return false;
            target = text;
            return true;
          }};
}

Taker flag_taker(bool& target) {
  return {"true or false", "", [&target](const std::string& text) {
            if (text != "true" && text != "false") return false;
            target = text == "true";
            return true;
          }};
}
namespace {

/// The value was forgotten, and CLI11 took the next flag for it.
bool is_next_flag(const Setting& setting, const std::string& text,
                  const std::vector<std::string>& arguments) {
  return setting.name.starts_with("--") && text.starts_with("--") &&
         std::find(arguments.begin(), arguments.end(), text) != arguments.end();
}

std::string refused(const Setting& setting, const std::string& what, const std::string& text) {
  return text.empty() ? fmt::format("{} is empty; it takes {}", what, setting.taker.wanted)
                      : fmt::format("{} takes {}, not '{}'", what, setting.taker.wanted, text);
}

}  // namespace

std::optional<std::string> Setting::take_all(const std::vector<std::string>& texts,
                                             const std::vector<std::string>& arguments) const {
  const char* in_variable = variable.empty() ? nullptr : std::getenv(variable.c_str());
  if (texts.empty() && in_variable == nullptr) return std::nullopt;
  if (texts.size() > 1 && !is_list) return name + " is given twice; give it once";
  // CLI11 passes over a variable that is empty.
  const std::vector<std::string> given = texts.empty() ? std::vector<std::string>{""} : texts;
  for (const auto& text : given) {
    if (is_next_flag(*this, text, arguments)) {
      return fmt::format("{} has no value: '{}' follows it; it takes {}", name, text, taker.wanted);
    }
    if (taker.take(text)) continue;
    const bool is_from_variable = in_variable != nullptr && text == in_variable;
    return refused(*this, is_from_variable ? variable + " (" + name + ")" : name, text);
  }
  return std::nullopt;
}

}  // namespace hailstorm
