#include "services/lab/runs/order_members.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "services/lab/api/errors.h"

namespace hailstorm::lab {
namespace {

bool is_one_of(const std::string& name, const std::vector<std::string>& known) {
  return std::find(known.begin(), known.end(), name) != known.end();
}

}  // namespace

Error bad_order(std::string why) { return {ApiErrc::bad_request, std::move(why)}; }

Status check_members(const json::Value& document, const std::vector<std::string>& known) {
  for (const auto& [name, value] : *document.members()) {
    if (is_one_of(name, known)) continue;
    return bad_order(fmt::format("there is no member {}: give {}", name, fmt::join(known, ", ")));
  }
  return {};
}

Status check_names(const std::string& member, const std::vector<std::string>& names,
                   const std::vector<std::string>& known) {
  const std::string one = member.substr(0, member.size() - 1);
  for (const auto& name : names) {
    if (!is_one_of(name, known)) {
      return bad_order(fmt::format("{}: there is no {} {}", member, one, name));
    }
  }
  return {};
}

Status check_range(const std::string& member, double value, const NumberRange& range) {
  if (value >= range.least && value <= range.most) return {};
  return bad_order(fmt::format("{} is {}: give {} to {} {}", member, value, range.least, range.most,
                               range.unit));
}

std::vector<std::string> names_of(const std::vector<FaultAction>& actions) {
  std::vector<std::string> names;
  for (const auto action : actions) names.emplace_back(name_of(action));
  return names;
}

void add_names(std::vector<std::string>& arguments, const char* option,
               const std::vector<std::string>& names) {
  if (names.empty()) return;
  arguments.emplace_back(option);
  arguments.push_back(fmt::format("{}", fmt::join(names, ",")));
}

}  // namespace hailstorm::lab
