#pragma once

#include "common/base/result.h"
#include "common/http/http.h"
#include "common/json/json.h"

/// How handlers of the lab's API read their requests and answer. Pure functions: safe from any
/// thread.
namespace hailstorm::lab {

/// The value with `status`, or the error as a problem: an ApiErrc has its own status, any other
/// error is 500.
[[nodiscard]] http::Response answer(const Result<json::Value>& result, int status = 200);

/// The request's body. Errors: not_json.
[[nodiscard]] Result<json::Value> body_of(const http::Request& request);

}  // namespace hailstorm::lab
