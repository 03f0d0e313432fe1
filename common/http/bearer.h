#pragma once

#include <string>

#include "common/http/router.h"

namespace hailstorm::http {

/// `handler` for requests that show the token ("Authorization: Bearer TOKEN", RFC 6750); others are
/// answered 401. `realm` names what the token opens: "the agent".
[[nodiscard]] Handler with_bearer(std::string token, std::string realm, Handler handler);

}  // namespace hailstorm::http
