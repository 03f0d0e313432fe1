#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/back_off.h"
#include "common/base/clock.h"
#include "common/base/metrics.h"
#include "common/base/stop_signal.h"
#include "common/log/log.h"
#include "common/service/apply_batch.h"
#include "common/service/health.h"
#include "common/service/reactor.h"
#include "common/service/settings.h"
#include "common/service/store_recovery.h"
#include "common/service/writer.h"

namespace hailstorm::service {

/// Makes the platform's topics, brings the store level with the log, then reads the service's
/// topics, has every batch applied by the writer, and commits its offsets.
///
/// Thread safety: made and run by one thread; request_stop() may be called from any. Everything
/// referred to must remain live while it is in use.
class ConsumerLoop {
 public:
  /// `own_records_known`: as StoreRecovery::try_begin() says.
  ConsumerLoop(log::Engine& engine, const ServiceSettings& settings, Writer& writer,
               Reactor& reactor, Health& health, Metrics& metrics, const Clock& clock,
               std::function<void()> own_records_known = {});

  /// Calls run_once() until `stop` is requested; waits for a log that is not there.
  void run(StopSignal& stop);

  /// One pass: the next of its steps, or a batch. Gives for how many milliseconds the next pass
  /// must wait after a failure; 0: it need not.
  [[nodiscard]] int run_once();

  /// A pass that is under way ends soon.
  void request_stop();

 private:
  enum class Phase { making_topics, recovering, reading };
  /// What was polled and has not taken effect yet.
  struct Unapplied {
    std::vector<log::ConsumedRecord> records;
    BatchRules rules;
  };

  int make_topics();
  int recover();
  int read();
  void join_group();
  void leave_group();
  void begin_where_the_store_is(const std::vector<log::TopicPartition>& ids);
  void note_closed(std::vector<log::ClosedPartition> now);
  void keep_unapplied(std::vector<log::ConsumedRecord> records);
  int apply();
  void commit_offsets();
  void note_applied(const BatchCounts& counts);

  log::Engine& engine_;
  const ServiceSettings& settings_;
  Writer& writer_;
  Reactor& reactor_;
  Health& health_;
  const Clock& clock_;
  StoreRecovery recovery_;
  const std::function<void()> own_records_known_;
  Counter& applied_;
  Counter& already_known_;
  Counter& dead_letters_;
  const bool commits_first_;  // before a batch is applied: not safe

  Phase phase_ = Phase::making_topics;
  BackOff back_off_;
  size_t topics_made_ = 0;
  std::unique_ptr<log::Admin> admin_;
  bool lacks_positions_ = false;  // of partitions that were assigned
  Unapplied unapplied_;
  std::atomic<bool> stopping_ = false;
  std::mutex consumer_mutex_;  // for request_stop(), which wakes the consumer
  std::unique_ptr<log::Consumer> consumer_;
};

}  // namespace hailstorm::service
