#pragma once

#include <string>

#include "common/http/http.h"

namespace hailstorm::http {

/// What one answer says besides the response.
struct AnswerOptions {
  bool has_body = true;    // false: to HEAD
  bool closes = false;     // the connection ends after it
  bool has_length = true;  // false: the body ends with the connection
};

/// The response as bytes for an HTTP/1.1 or HTTP/1.0 client. Pure function: safe from any thread.
[[nodiscard]] std::string to_bytes(const Response& response, const AnswerOptions& options);

}  // namespace hailstorm::http
