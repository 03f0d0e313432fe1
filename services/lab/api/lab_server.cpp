#include "services/lab/api/lab_server.h"

#include <utility>

#include "common/base/check.h"
#include "common/http/probes.h"
#include "common/json/member_reader.h"
#include "services/lab/api/answers.h"
#include "services/lab/api/errors.h"
#include "services/lab/api/route_path.h"

namespace hailstorm::lab {
namespace {

/// HTTP/1.0 need not name a host; such a request could come from a page of any site.
http::Response no_host() { return http::problem(421, "the request names no Host"); }

http::Response not_permitted() {
  http::Response refusal = http::problem(
      401,
      "this changes something: show the lab's bearer token (the file lab/lab-token of its "
      "data folder), or open a session with the key of the address that the lab printed");
  refusal.headers["WWW-Authenticate"] = "Bearer realm=\"the lab\"";
  return refusal;
}

http::Response for_our_page_only(http::Response response) {
  response.headers["Cache-Control"] = "no-store";
  response.headers["Cross-Origin-Resource-Policy"] = "same-origin";
  response.headers["X-Content-Type-Options"] = "nosniff";
  return response;
}

}  // namespace

LabServer::LabServer(LabListener listener, std::string token)
    : credentials_(std::move(token), listener.port),
      server_({.host = std::move(listener.host),
               .port = listener.port,
               .hosts = std::move(listener.hosts)}) {
  http::add_liveness(server_);
  on_read("GET", "/api", [this](const http::Request&) { return index(); });
  on_read("GET", "/api/session",
          [this](const http::Request& request) { return session_of(request); });
  add("POST", "/api/session",
      [this](const http::Request& request) { return open_session(request); });
}

void LabServer::add(const std::string& method, const std::string& path, http::Handler handler) {
  routes_.push_back({method, path});
  server_.route(method, pattern_of(path),
                [handler = std::move(handler)](const http::Request& request) {
                  if (!request.header("Host")) return no_host();
                  return for_our_page_only(handler(request));
                });
}

void LabServer::on_read(const std::string& method, const std::string& path, http::Handler handler) {
  HAIL_CHECK(method == "GET");
  add(method, path, std::move(handler));
}

void LabServer::on_change(const std::string& method, const std::string& path,
                          http::Handler handler) {
  HAIL_CHECK(method == "POST" || method == "PUT" || method == "DELETE");
  add(method, path, [this, handler = std::move(handler)](const http::Request& request) {
    return credentials_.permit(request) ? handler(request) : not_permitted();
  });
}

void LabServer::on_page(const std::string& pattern, http::Handler handler) {
  server_.route("GET", pattern, [handler = std::move(handler)](const http::Request& request) {
    return request.header("Host") ? handler(request) : no_host();
  });
}

void LabServer::on_stream(const std::string& path, std::shared_ptr<http::EventFeed> feed) {
  routes_.push_back({"GET", path});
  const auto admit = [this](const http::Request& request) {
    return credentials_.permit(request) ? http::StreamReader::known : http::StreamReader::anonymous;
  };
  server_.route_stream(path, admit, std::move(feed));
}

http::Response LabServer::session_of(const http::Request& request) {
  return answer(json::Value{{"may_change", credentials_.permit(request)}});
}

http::Response LabServer::open_session(const http::Request& request) {
  const auto body = body_of(request);
  if (!body.ok()) return answer(body);
  std::string key;
  json::MemberReader reader(*body);
  if (!reader.required("key", key).ok()) {
    return answer(Error(ApiErrc::bad_request, reader.status().error().message()));
  }
  const auto cookie = credentials_.open_session(key);
  if (!cookie) {
    return answer(Error(ApiErrc::unauthorized,
                        "this key is none of the lab's, or was used: open the address that the "
                        "lab printed last"));
  }
  http::Response response = answer(json::Value{{"session", "open"}}, 201);
  response.headers["Set-Cookie"] = *cookie;
  return response;
}

http::Response LabServer::index() const {
  json::Value all = json::Value::array();
  for (const auto& route : routes_) {
    all.push_back({{"method", route.method}, {"path", route.path}});
  }
  return answer(json::Value{{"routes", std::move(all)}});
}

}  // namespace hailstorm::lab
