#include "common/http/refusals.h"

#include "common/base/logging.h"

namespace hailstorm::http {
namespace {

constexpr int64_t kWarnEveryMs = 1'000;

}  // namespace

Response too_many_connections() { return try_again("too many connections are open"); }

void Refusals::warn(int64_t now_ms, size_t open, size_t limit) {
  if ((refused_ == 0 && ended_ == 0) || now_ms - warned_ms_ < kWarnEveryMs) return;
  log_warn("too many connections: those without a request for longest were ended for new ones",
           {{"ended", ended_}, {"refused", refused_}, {"open", open}, {"limit", limit}});
  refused_ = 0;
  ended_ = 0;
  warned_ms_ = now_ms;
}

}  // namespace hailstorm::http
