#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hailstorm::service {

/// Finds out whether an outbox is stuck: its oldest row is the same for 5 s in which the log always
/// answered. While the log does not answer, rows only wait for it.
///
/// Thread safety: not safe.
class OutboxWatch {
 public:
  static constexpr int64_t kStuckAfterMs = 5'000;

  /// What was seen at `now_ms` of a steady clock; `oldest_row`: none, when the outbox is empty.
  /// Gives why the service is not ready; empty: the outbox is not stuck.
  [[nodiscard]] std::string look(std::optional<int64_t> oldest_row, bool log_answers,
                                 int64_t now_ms);

 private:
  std::optional<int64_t> oldest_row_;
  int64_t since_ms_ = 0;
};

}  // namespace hailstorm::service
