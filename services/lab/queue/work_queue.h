#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hailstorm::lab {

/// A work queue, as brokers of tasks have it: each message goes to one taker, and is gone when that
/// acknowledges it. One that is not acknowledged goes back to the front.
///
/// Thread safety: safe.
class WorkQueue {
 public:
  struct Taken {
    int64_t receipt = 0;
    std::string message;
  };

  /// Holds at most `most_messages`, taken ones among them.
  explicit WorkQueue(size_t most_messages) : most_messages_(most_messages) {}

  /// False: it is full.
  [[nodiscard]] bool put(std::string message);
  /// The oldest one; nothing: none waits.
  [[nodiscard]] std::optional<Taken> take();
  /// It is done and gone. False: nobody has taken this.
  bool acknowledge(int64_t receipt);
  /// The taker does not do it: another one will.
  bool give_back(int64_t receipt);
  /// Those that wait or are taken.
  [[nodiscard]] size_t size() const;

 private:
  const size_t most_messages_;
  mutable std::mutex mutex_;
  std::deque<std::string> waiting_;
  std::map<int64_t, std::string> taken_;  // by receipt
  int64_t last_receipt_ = 0;
};

/// What each of several takers got who emptied the queue together, each on a thread of its own;
/// they begin at the same moment, and take in turns as long as each keeps up.
[[nodiscard]] std::vector<int64_t> empty_together(WorkQueue& queue, size_t taker_count);

}  // namespace hailstorm::lab
