#include "common/service/run_service.h"

#include <malloc.h>

namespace hailstorm::service {

int run_service(const ServiceSettings& settings,
                const std::function<Result<int>(ServerStart&)>& body) {
  // Each thread that ever served a request would else keep a heap of its own.
  ::mallopt(M_ARENA_MAX, 2);
  return run_server("hail-" + settings.name, [&](ServerStart& start) -> Result<int> {
    HAIL_RETURN_IF_ERROR(settings.log.begin(settings.name));
    return body(start);
  });
}

}  // namespace hailstorm::service
