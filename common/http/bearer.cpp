#include "common/http/bearer.h"

#include <fmt/format.h>
#include <string_view>
#include <utility>

#include "common/base/token_file.h"
#include "common/http/characters.h"

namespace hailstorm::http {
namespace {

constexpr std::string_view kScheme = "bearer ";

}  // namespace

bool shows_bearer(const Request& request, std::string_view token) {
  const std::string given = request.header("Authorization").value_or("");
  if (lower(given.substr(0, kScheme.size())) != kScheme) return false;
  return is_same_secret(std::string_view(given).substr(kScheme.size()), token);
}

Handler with_bearer(std::string token, std::string realm, Handler handler) {
  return [token = std::move(token), realm = std::move(realm),
          handler = std::move(handler)](const Request& request) {
    if (shows_bearer(request, token)) return handler(request);
    Response refusal = problem(401, realm + "'s bearer token is missing or wrong");
    refusal.headers["WWW-Authenticate"] = fmt::format("Bearer realm=\"{}\"", realm);
    return refusal;
  };
}

}  // namespace hailstorm::http
