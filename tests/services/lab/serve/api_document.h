#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/http/http.h"
#include "common/json/json.h"

namespace hailstorm::testing {

/// The lab's OpenAPI document, services/lab/api/openapi.json.
///
/// Thread safety: safe once it is made.
class ApiDocument {
 public:
  struct Operation {
    std::string method;  // "GET"
    std::string path;    // "/api/faults/{id}"
    const json::Value* definition = nullptr;

    [[nodiscard]] std::string name() const { return method + " " + path; }
    [[nodiscard]] bool changes() const { return method != "GET"; }
    /// Null: it takes no body.
    [[nodiscard]] const json::Value* example() const;
    [[nodiscard]] bool has_status(int status) const;
    /// The lowest status that it has.
    [[nodiscard]] int success() const;
  };

  /// Fails the test where the file is no document.
  ApiDocument();

  [[nodiscard]] const json::Value& root() const { return root_; }
  [[nodiscard]] const std::vector<Operation>& operations() const { return operations_; }

  /// What of an answer is not as the document says; notes its body for a foreign checker, too.
  [[nodiscard]] std::vector<std::string> check(const Operation& operation,
                                               const http::Response& response);

  /// All bodies that were noted, and a schema for their list.
  [[nodiscard]] json::Value noted() const { return noted_; }
  [[nodiscard]] json::Value schema_of_noted() const;

 private:
  json::Value root_;
  std::vector<Operation> operations_;
  json::Value noted_ = json::Value::array();
  json::Value schemas_ = json::Value::array();
};

}  // namespace hailstorm::testing
