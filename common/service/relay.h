#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/metrics.h"
#include "common/log/log.h"
#include "common/service/loop_thread.h"
#include "common/service/outbox_publisher.h"
#include "common/service/relay_lock.h"
#include "common/service/writer.h"
#include "common/store/database.h"

namespace hailstorm::service {

/// Publishes the outbox for as long as this instance is the one that may: after a failure it begins
/// again with another producer. A crash between a publication and the erasure of its row publishes
/// the row again; its readers know the event's id already.
///
/// Thread safety: wake() and held() may be called from any thread. What is passed in must remain
/// live while it is in use.
class Relay {
 public:
  /// `db` is a connection of its own to the same file.
  Relay(log::Engine& engine, std::unique_ptr<store::Database> db, const std::string& lock_path,
        Writer& writer, Metrics& metrics, const Clock& clock);
  ~Relay();  // stops
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  /// From now on run_once() is called on a thread of its own. Another call changes nothing.
  void start();

  /// One pass: publishes what there is. Gives for how many milliseconds the next pass may wait;
  /// nothing: after stop() all is done.
  [[nodiscard]] std::optional<int> run_once();

  /// There may be new rows.
  void wake() { thread_.wake(); }

  /// Gives what can be published up to `timeout_ms` to reach the log, then ends the thread. What is
  /// left stays in the outbox for the next start.
  void stop(int timeout_ms);

  /// The partitions whose rows wait, and why. -1: the whole topic.
  [[nodiscard]] std::vector<log::ClosedPartition> held() const;

 private:
  void send_again_what_was_set_aside();
  void open_publisher();
  std::optional<int> publish();
  std::optional<int> try_again_later();
  void set_held(std::vector<log::ClosedPartition> held);
  [[nodiscard]] bool is_stopping() const;
  [[nodiscard]] bool is_overdue() const;

  log::Engine& engine_;
  std::unique_ptr<store::Database> db_;
  RelayLock lock_;
  Writer& writer_;
  RelayMetrics metrics_;
  const Clock& clock_;
  bool has_begun_ = false;
  int64_t try_again_at_ms_ = 0;
  std::unique_ptr<OutboxPublisher>
      publisher_;  // none: another instance relays, or there was a failure

  mutable std::mutex mutex_;
  std::vector<log::ClosedPartition> held_;
  std::optional<int64_t> stop_before_ms_;  // set: it is stopping
  LoopThread thread_;
};

}  // namespace hailstorm::service
