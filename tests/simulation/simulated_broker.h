#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "broker/api/broker.h"
#include "broker/transport/zmq/zmq_codec.h"
#include "common/base/metrics.h"
#include "common/log/hailstorm/transport.h"
#include "tests/simulation/chance.h"
#include "tests/simulation/schedule.h"
#include "tests/support/faulty_file_system.h"

namespace hailstorm::simulation {

/// The frames of one request: the head, and for a produce the batch.
using RequestFrames = std::vector<std::vector<uint8_t>>;

/// The real broker with a disk in memory, on simulated time. Its syncs take as long as chance
/// wants.
///
/// Thread safety: not safe. It must outlive the events of `schedule`.
class SimulatedBroker final : public broker::ZmqMessageSink {
 public:
  using PeerNumber = broker::SessionId;
  using Send = std::function<void(PeerNumber, log::hail::Message)>;

  /// `send` is called with each answer.
  SimulatedBroker(Schedule& schedule, Chance& chance, Send send);
  ~SimulatedBroker() override;

  void receive(PeerNumber peer, RequestFrames frames);

  /// What the coordinator says of the group now.
  [[nodiscard]] wire::DescribeGroupReply describe(const std::string& group);

 private:
  void send(broker::SessionId session, broker::ZmqMessage message) override;
  [[nodiscard]] int64_t credit_bytes(broker::SessionId session) const override;
  void handle(PeerNumber peer, RequestFrames& frames);
  void start_syncs();
  void tick();

  Schedule& schedule_;
  Chance& chance_;
  Send send_;
  testing::FaultyFileSystem files_;
  Metrics metrics_;
  broker::BrokerMetrics broker_metrics_{metrics_};
  broker::Health health_;
  broker::ZmqCodec codec_{*this, broker_metrics_};
  std::unique_ptr<broker::TopicStore> topics_;
  std::unique_ptr<broker::Broker> broker_;
  wire::DescribeGroupReply described_;
  Timer ticks_;
};

}  // namespace hailstorm::simulation
