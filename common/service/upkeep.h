#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/log/log.h"
#include "common/service/health.h"
#include "common/service/loop_thread.h"
#include "common/service/outbox_watch.h"
#include "common/service/reactor.h"
#include "common/service/topic_keeper.h"
#include "common/service/writer.h"

namespace hailstorm::service {

/// Looks twice a second at what a service depends on, says in its readiness what is wrong, and
/// mends what it can: topics that were deleted are made again, and a store that could not be written
/// is tried again.
///
/// Thread safety: made and destroyed by one thread. What is passed in must remain live while it is
/// in use.
class Upkeep {
 public:
  /// The id of the oldest row of the outbox, if there is one.
  using OldestRow = std::function<Result<std::optional<int64_t>>()>;

  /// `needs_the_log`: a log that does not answer makes the service not ready.
  Upkeep(log::Engine& engine, const Reactor& reactor, Writer& writer, OldestRow oldest_row,
         Health& health, bool needs_the_log, const Clock& clock);
  ~Upkeep();  // stops
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

  /// From now on run_once() is called on a thread of its own.
  void start();
  /// One look at everything.
  void run_once();
  void request_stop();
  /// Waits for an answer of the broker that is under way, up to a second.
  void join() { thread_.join(); }

 private:
  void look_at_store();
  /// True: the log answers.
  [[nodiscard]] bool look_at_log(int64_t now_ms);
  void look_at_outbox(bool log_answers, int64_t now_ms);

  TopicKeeper topics_;
  Writer& writer_;
  const OldestRow oldest_row_;
  Health& health_;
  const bool needs_the_log_;
  const Clock& clock_;
  OutboxWatch outbox_;
  int64_t answered_ms_;
  /// A write that shows whether the store can be written again is under way.
  const std::shared_ptr<std::atomic<bool>> is_trying_ = std::make_shared<std::atomic<bool>>(false);
  std::atomic<bool> stopping_ = false;
  LoopThread thread_;
};

/// Why a store takes no writes, as reason of the readiness `health` has: by the outcome of each
/// transaction.
void note_store(Health& health, const Status& outcome);

}  // namespace hailstorm::service
