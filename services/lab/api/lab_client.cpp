#include "services/lab/api/lab_client.h"

#include <fmt/format.h>
#include <utility>

#include "common/json/member_reader.h"
#include "services/lab/api/errors.h"

namespace hailstorm::lab {
namespace {

/// A problem's detail, else what there is.
std::string detail_of(const http::Response& response) {
  std::string detail =
      response.body.empty() ? std::string(http::phrase(response.status)) : response.body;
  const auto document = json::parse(response.body);
  if (document.ok()) json::MemberReader(*document).optional("detail", detail);
  return detail;
}

}  // namespace

LabClient::LabClient(Address lab, std::string authorization, int timeout_ms)
    : lab_(std::move(lab)),
      authorization_(std::move(authorization)),
      client_(std::make_unique<http::Client>(lab_, timeout_ms)) {}

Result<json::Value> LabClient::get(const std::string& path) { return send("GET", path, ""); }
Result<json::Value> LabClient::post(const std::string& path, const json::Value& body) {
  return send("POST", path, json::to_text(body));
}
Result<json::Value> LabClient::put(const std::string& path, const json::Value& body) {
  return send("PUT", path, json::to_text(body));
}
Result<json::Value> LabClient::remove(const std::string& path) { return send("DELETE", path, ""); }

Result<json::Value> LabClient::send(const std::string& method, const std::string& path,
                                    std::string body) {
  http::Request request;
  request.method = method;
  request.path = path;
  request.body = std::move(body);
  request.headers["Content-Type"] = "application/json";
  if (!authorization_.empty()) request.headers["Authorization"] = authorization_;
  const auto response = client_->send(request);
  if (!response.ok()) {
    return Error(ApiErrc::unreachable, fmt::format("no lab answers at {}: {}", to_text(lab_),
                                                   response.error().message()));
  }
  if (response->status >= 300) return Error(errc_of(response->status), detail_of(*response));
  if (response->body.empty()) return json::Value();
  auto document = json::parse(response->body);
  if (document.ok()) return document;
  return Error(ApiErrc::failed, "the lab's answer is no JSON: " + document.error().message());
}

}  // namespace hailstorm::lab
