#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "common/log/log.h"

namespace hailstorm::service {

/// The outbox rows that a producer was given, and what it answered: in bounded memory, because no
/// more are given to it while has_room() is false.
///
/// Thread safety: safe.
class RowsInFlight {
 public:
  /// Rows that wait for their answers; a few large ones are as much as many small ones.
  static constexpr size_t kMaxRows = 8'000;
  static constexpr size_t kMaxBytes = 32 << 20;

  struct Failed {
    int64_t id = 0;
    Error error;
  };
  struct Answers {
    std::vector<int64_t> acknowledged;  // may be erased; rising
    std::vector<Failed> failed;         // rising
    std::vector<int64_t> first_of_held_taken;
  };

  [[nodiscard]] bool has_room() const;
  [[nodiscard]] bool is_empty() const;  // no row waits for its answer
  [[nodiscard]] bool has_failed() const;

  /// False: it is in flight already. `is_first_of_held`: the answer, if it is good, is to be
  /// reported apart.
  [[nodiscard]] bool add(int64_t id, size_t bytes, bool is_first_of_held = false);
  /// The producer's answer. True: there is a reason to look at the answers now.
  [[nodiscard]] bool answered(int64_t id, const Result<log::Delivery>& delivery);
  /// The answers since the last call. Acknowledged rows are reported later where older ones still
  /// wait, so that rows are erased in long runs.
  [[nodiscard]] Answers take_answers();

 private:
  [[nodiscard]] bool is_full() const;

  mutable std::mutex mutex_;
  std::map<int64_t, size_t> waiting_;  // bytes by id
  size_t waiting_bytes_ = 0;
  std::set<int64_t> acknowledged_;
  std::set<int64_t> first_of_held_;
  std::map<int64_t, Error> failed_;
  std::vector<int64_t> first_of_held_taken_;
};

}  // namespace hailstorm::service
