#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"
#include "services/lab/faults/fault.h"

/// What the bodies of orders have in common. Pure functions: safe from any thread.
namespace hailstorm::lab {

struct NumberRange {
  double least = 0;
  double most = 0;
  const char* unit = "";
};

[[nodiscard]] Error bad_order(std::string why);

/// Each returns bad_request with what is wrong: a member that is not known, a name that is none of
/// `known`, a number out of its range.
[[nodiscard]] Status check_members(const json::Value& document,
                                   const std::vector<std::string>& known);
[[nodiscard]] Status check_names(const std::string& member, const std::vector<std::string>& names,
                                 const std::vector<std::string>& known);
[[nodiscard]] Status check_range(const std::string& member, double value, const NumberRange& range);

[[nodiscard]] std::vector<std::string> names_of(const std::vector<FaultAction>& actions);
/// "--targets a,b"; nothing where there is no name.
void add_names(std::vector<std::string>& arguments, const char* option,
               const std::vector<std::string>& names);

}  // namespace hailstorm::lab
