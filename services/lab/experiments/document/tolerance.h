#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"
#include "services/lab/experiments/document/node.h"

namespace hailstorm::lab {

/// What a probe was answered. As in Chaos Toolkit the body is JSON only where the Content-Type is
/// exactly application/json; otherwise it is a text.
struct ProbeAnswer {
  int status = 0;
  json::Value headers = json::Value::object();
  json::Value body;
};

/// Which answers of a probe are right, with the meanings that Chaos Toolkit gives them for HTTP.
struct Tolerance {
  enum class Kind {
    status,    // 200, or [200, 204]: the answer's status is one of these
    regex,     // the body, a text, matches somewhere
    range,     // a number in the body (or the status) lies between two others, or is one of them
    jsonpath,  // the path finds something; as often as `count`; just what `expect` says
  };
  Kind kind = Kind::status;
  std::vector<int64_t> statuses;
  std::string target;   // body, status, headers; empty: all of them
  std::string pattern;  // of a regex or a jsonpath
  double least = 0;
  double most = 0;
  std::optional<int64_t> count;
  std::optional<json::Value> expect;
};

/// Whether an answer is right, and what was seen, in words: "0.87; 0.999 to 1 is right".
struct Measured {
  bool is_met = false;
  std::string seen;
};

/// Errors: bad_file. `path` is where the tolerance stands.
[[nodiscard]] Result<Tolerance> tolerance_of(const Node& node, const std::string& path);

/// Safe from any thread.
[[nodiscard]] Measured measure(const Tolerance& tolerance, const ProbeAnswer& answer);

}  // namespace hailstorm::lab
