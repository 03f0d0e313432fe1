#pragma once

#include <memory>
#include <vector>

#include "broker/api/broker.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_file_system.h"

namespace hailstorm::fuzz {

/// A broker core in memory, with a topic "rides" of two partitions. What holds its Responders
/// must be closed before kill().
///
/// Thread safety: not safe.
class LiveBroker {
 public:
  LiveBroker();

  [[nodiscard]] broker::Broker& core() { return *broker_; }
  [[nodiscard]] int64_t now_ms() const { return clock_.steady_ms(); }

  void kill();
  /// After kill(): from what it wrote it must come up again.
  void start();
  /// The disk does what it was given.
  void sync();
  void tick();
  /// In order.
  void shut_down();

 private:
  void open();
  void finish(std::vector<broker::Partition*> syncing);

  testing::FaultyFileSystem files_;
  testing::FakeClock clock_;
  Metrics metrics_;
  broker::BrokerMetrics broker_metrics_{metrics_};
  broker::Health health_;
  std::unique_ptr<broker::TopicStore> topics_;
  std::unique_ptr<broker::Broker> broker_;
};

}  // namespace hailstorm::fuzz
