#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The names under which a program's settings are given: in the environment and on the command
/// line.
namespace hailstorm {

inline constexpr std::string_view kVariablePrefix = "HAIL_";

/// "base-port" → "BASE_PORT".
[[nodiscard]] std::string to_upper(std::string_view name);
/// "hail-payment" → "HAIL_PAYMENT_"; empty for a program that has no name of its own.
[[nodiscard]] std::string program_prefix(const std::string& program);
/// The first variable in the environment that begins with `prefix` and is not known, if any.
[[nodiscard]] std::optional<std::string> first_unknown_variable(const std::string& prefix,
                                                                const std::set<std::string>& known);
/// The arguments in the order in which CLI11 takes them: the last first. CLI11 would take the
/// argument after "--seed=" for its value, so here an empty argument comes after "--seed".
[[nodiscard]] std::vector<std::string> arguments_last_first(int argc, const char* const* argv);

}  // namespace hailstorm
