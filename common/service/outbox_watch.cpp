#include "common/service/outbox_watch.h"

#include <fmt/format.h>

namespace hailstorm::service {

std::string OutboxWatch::look(std::optional<int64_t> oldest_row, bool log_answers, int64_t now_ms) {
  if (!oldest_row || oldest_row != oldest_row_ || !log_answers) {
    oldest_row_ = oldest_row;
    since_ms_ = now_ms;
    return "";
  }
  const int64_t stuck_ms = now_ms - since_ms_;
  if (stuck_ms < kStuckAfterMs) return "";
  return fmt::format(
      "the outbox has not moved for {} s although the log answers: row {} is not in the log; the "
      "service's and the broker's log say why",
      stuck_ms / 1'000, *oldest_row);
}

}  // namespace hailstorm::service
