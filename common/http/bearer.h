#pragma once

#include <string>
#include <string_view>

#include "common/http/router.h"

namespace hailstorm::http {

/// Whether the request shows the token ("Authorization: Bearer TOKEN", RFC 6750).
[[nodiscard]] bool shows_bearer(const Request& request, std::string_view token);

/// `handler` for requests that show the token; others are answered 401. `realm` names what the
/// token opens: "the agent".
[[nodiscard]] Handler with_bearer(std::string token, std::string realm, Handler handler);

}  // namespace hailstorm::http
