#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>

#include "common/base/result.h"

namespace hailstorm::groups {

/// Holds replies back until every append that came before them is durable or has failed.
///
/// Thread safety: not safe.
class AppendOrder {
 public:
  using Then = std::function<void(const Status&)>;

  /// The number of an append that begins now.
  [[nodiscard]] uint64_t begin() { return ++begun_; }

  /// Append `number`, and all before it, ended with `status`: calls what waits for them.
  void end(uint64_t number, const Status& status) {
    ended_ = std::max(ended_, number);
    while (!waiting_.empty() && waiting_.front().first <= ended_) {
      const Then then = std::move(waiting_.front().second);
      waiting_.pop_front();
      then(status);
    }
  }

  /// Runs `then` when what has begun so far has ended: now, if nothing is under way.
  void after_all(Then then) {
    if (idle()) return then({});
    waiting_.emplace_back(begun_, std::move(then));
  }

  [[nodiscard]] bool idle() const { return ended_ == begun_; }

 private:
  uint64_t begun_ = 0;
  uint64_t ended_ = 0;
  std::deque<std::pair<uint64_t, Then>> waiting_;
};

}  // namespace hailstorm::groups
