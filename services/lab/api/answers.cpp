#include "services/lab/api/answers.h"

#include "services/lab/api/errors.h"

namespace hailstorm::lab {

http::Response answer(const Result<json::Value>& result, int status) {
  if (!result.ok()) {
    const auto code = result.error().as<ApiErrc>().value_or(ApiErrc::failed);
    return http::problem(status_of(code), result.error().message());
  }
  http::Response response;
  response.status = status;
  response.body = json::to_text(*result);
  return response;
}

Result<json::Value> body_of(const http::Request& request) {
  auto document = json::parse(request.body);
  if (document.ok()) return document;
  return Error(ApiErrc::not_json, "the body is no JSON: " + document.error().message());
}

}  // namespace hailstorm::lab
