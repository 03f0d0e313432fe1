#pragma once

#include <string_view>

namespace hailstorm::lab {

/// Why the lab's API does not do what it is asked for. Each has an HTTP status of its own, so a
/// client gets back what the handler gave.
enum class ApiErrc {
  not_json,      // 400
  unauthorized,  // 401
  forbidden,     // 403
  not_found,     // 404
  conflict,      // 409
  bad_request,   // 422: names the field
  failed,        // 500
  not_now,       // 503
  unreachable,   // clients only: there is no lab, or no answer
};
[[nodiscard]] std::string_view name_of(ApiErrc code);

/// REQUIRES: not unreachable. Safe from any thread, as the next.
[[nodiscard]] int status_of(ApiErrc code);
/// Of a status that is no success; failed where none has it.
[[nodiscard]] ApiErrc errc_of(int status);

}  // namespace hailstorm::lab
