#include "common/http/router.h"

#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <regex>
#include <utility>

#include "common/base/logging.h"

namespace hailstorm::http {
namespace {

// The standard library's expressions take stack for each character.
constexpr size_t kMaxMatchedPath = 1 << 10;

/// A pattern without groups is the path itself.
std::function<bool(Request&)> matcher(const std::string& pattern) {
  if (pattern.find_first_of("([.*+?\\|{^$") == pattern.npos) {
    return [pattern](const Request& request) { return request.path == pattern; };
  }
  return [compiled = std::regex(pattern, std::regex::optimize)](Request& request) {
    if (request.path.size() > kMaxMatchedPath) return false;
    std::smatch groups;
    if (!std::regex_match(request.path, groups, compiled)) return false;
    request.captures.assign(std::next(groups.begin()), groups.end());
    return true;
  };
}

}  // namespace

Response failed_handler(const Request& request, const std::exception& failure) {
  log_error("a request's handler failed", {{"path", request.path}, {"error", failure.what()}});
  return problem(500, "the request could not be handled; the service's log says why");
}

Response call(const Handler& handler, const Request& request) {
  try {
    return handler(request);
  } catch (const std::exception& failure) {
    return failed_handler(request, failure);
  }
}

void Router::add(const std::string& method, const std::string& pattern, Way way, Handler handler) {
  routes_.push_back(
      {.method = method, .matches = matcher(pattern), .way = way, .handler = std::move(handler)});
}

void Router::add_async(const std::string& method, const std::string& pattern,
                       AsyncHandler handler) {
  routes_.push_back({.method = method,
                     .matches = matcher(pattern),
                     .way = Way::async,
                     .async_handler = std::move(handler)});
}

void Router::add_stream(const std::string& path, Admit admit, std::shared_ptr<EventFeed> feed) {
  routes_.push_back({.method = "GET",
                     .matches = matcher(path),
                     .way = Way::stream,
                     .admit = std::move(admit),
                     .feed = std::move(feed)});
}

const Route* Router::find(Request& request) const {
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  for (const Route& route : routes_) {
    if (route.method == method && route.matches(request)) return &route;
  }
  return nullptr;
}

Response Router::answer_without_route(const Request& request) const {
  std::string allowed;
  Request same_path = request;
  for (const Route& route : routes_) {
    if (request.path != "*" && !route.matches(same_path)) continue;
    if (allowed.find(route.method) != allowed.npos) continue;
    allowed += route.method + ", ";
    if (route.method == "GET") allowed += "HEAD, ";
  }
  if (allowed.empty()) {
    return problem(404, fmt::format("there is no {} {}", request.method, request.path));
  }
  allowed += "OPTIONS";
  Response response;
  if (request.method == "OPTIONS") {
    response.status = 204;
  } else {
    response =
        problem(405, fmt::format("{} takes {}, not {}", request.path, allowed, request.method));
  }
  response.headers["Allow"] = allowed;
  return response;
}

}  // namespace hailstorm::http
