#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"

namespace hailstorm::lab {

/// A path into a JSON document: $.name, $["name"], [3], [*] and .* one after the other. JSONPath's
/// filters, slices and searches (..) are not there.
///
/// Thread safety: a value; find() may be called from any thread.
class JsonPath {
 public:
  /// Error bad_file says what is not there; it names no line.
  [[nodiscard]] static Result<JsonPath> parse(std::string_view text);

  /// What it leads to, in order.
  [[nodiscard]] std::vector<json::Value> find(const json::Value& root) const;

 private:
  struct Every {};
  using Step = std::variant<std::string, size_t, Every>;
  static void follow(const Step& step, const json::Value& from, std::vector<json::Value>& into);

  std::vector<Step> steps_;
};

}  // namespace hailstorm::lab
