#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/json/json.h"
#include "services/lab/experiments/document/experiment.h"

namespace hailstorm::lab {

/// The value of a variable of the environment, or nothing.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The values that an experiment's texts name as ${name}: its configuration, then its secrets.
///
/// Thread safety: a value; distinct objects may be used from distinct threads.
class Variables {
 public:
  /// Errors: bad_file, for a variable of the environment that is not set and has no default, or
  /// holds no value of its type.
  [[nodiscard]] static Result<Variables> of(const Experiment& experiment,
                                            const Environment& environment);

  /// All texts of `value` with their variables replaced, as Chaos Toolkit does it: a text that is
  /// nothing but ${name} becomes the value itself, of whatever kind; $$ becomes $. Error bad_file:
  /// there is no such variable. `line` and `path` are where the value stands.
  [[nodiscard]] Result<json::Value> replaced(const json::Value& value, size_t line,
                                             const std::string& path) const;
  /// The same for one text that must stay a text.
  [[nodiscard]] Result<std::string> text(const std::string& text, size_t line,
                                         const std::string& path) const;

 private:
  std::map<std::string, json::Value, std::less<>> values_;
};

}  // namespace hailstorm::lab
