#pragma once

#include <functional>

#include "common/base/result.h"
#include "common/base/run_server.h"
#include "common/service/settings.h"

namespace hailstorm::service {

/// What every service's main does after it has read its options: the process's settings, its log,
/// then run_server() as "hail-NAME" with `body`. Gives the exit code.
[[nodiscard]] int run_service(const ServiceSettings& settings,
                              const std::function<Result<int>(ServerStart&)>& body);

}  // namespace hailstorm::service
