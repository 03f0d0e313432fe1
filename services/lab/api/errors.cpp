#include "services/lab/api/errors.h"

#include <array>
#include <utility>

#include "common/base/enum_name.h"

namespace hailstorm::lab {
namespace {

constexpr std::array kStatuses = {
    std::pair{ApiErrc::not_json, 400},    std::pair{ApiErrc::unauthorized, 401},
    std::pair{ApiErrc::forbidden, 403},   std::pair{ApiErrc::not_found, 404},
    std::pair{ApiErrc::conflict, 409},    std::pair{ApiErrc::bad_request, 422},
    std::pair{ApiErrc::failed, 500},      std::pair{ApiErrc::not_now, 503},
    std::pair{ApiErrc::forbidden, 421},   std::pair{ApiErrc::bad_request, 415},
    std::pair{ApiErrc::bad_request, 413},
};

}  // namespace

std::string_view name_of(ApiErrc code) { return enum_name(code); }

int status_of(ApiErrc code) {
  for (const auto& [one, status] : kStatuses) {
    if (one == code) return status;
  }
  return 500;
}

ApiErrc errc_of(int status) {
  for (const auto& [one, its] : kStatuses) {
    if (its == status) return one;
  }
  return ApiErrc::failed;
}

}  // namespace hailstorm::lab
