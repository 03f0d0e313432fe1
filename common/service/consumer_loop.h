#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/base/metrics.h"
#include "common/base/stop_signal.h"
#include "common/log/log.h"
#include "common/service/probes.h"
#include "common/service/reactor.h"
#include "common/service/settings.h"
#include "common/service/store_recovery.h"
#include "common/service/writer.h"

namespace hailstorm::service {

/// Brings the store level with the log, reads the service's topics, has every batch applied by the
/// writer, then commits the offsets. `own_records_known`: as StoreRecovery::begin() says.
///
/// Thread safety: made and run by one thread. Everything referred to must remain live while it is
/// in use.
class ConsumerLoop {
 public:
  ConsumerLoop(log::Engine& engine, const ServiceSettings& settings, Writer& writer,
               Reactor& reactor, Health& health, Metrics& metrics,
               std::function<void()> own_records_known = {});

  /// Until `stop` is requested; waits for a log that is not there.
  void run(StopSignal& stop);

 private:
  void make_topics(StopSignal& stop);
  void begin_where_the_store_is(log::Consumer& consumer,
                                const std::vector<log::TopicPartition>& ids, StopSignal& stop);
  void note_closed(std::vector<log::ClosedPartition> now);
  void handle(log::Consumer& consumer, const std::vector<log::ConsumedRecord>& records,
              StopSignal& stop);
  /// True when the batch took effect; false when a stop came first.
  [[nodiscard]] bool apply(const std::vector<log::ConsumedRecord>& records, StopSignal& stop);

  log::Engine& engine_;
  const ServiceSettings& settings_;
  Writer& writer_;
  Reactor& reactor_;
  Health& health_;
  StoreRecovery recovery_;
  const std::function<void()> own_records_known_;
  Counter& applied_;
  Counter& already_known_;
  Counter& dead_letters_;
  const bool use_inbox_;
};

}  // namespace hailstorm::service
