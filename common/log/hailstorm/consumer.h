#pragma once

#include <string>
#include <vector>

#include "common/log/consumer.h"
#include "common/log/hailstorm/consumer_session.h"
#include "common/log/hailstorm/event_loop.h"

namespace hailstorm::log::hail {

/// Reads from our broker. A caller runs the event loop while it waits; a thread keeps the
/// membership and fetches ahead while the caller does something else.
///
/// Thread safety: not safe, but for wake().
class HailstormConsumer final : public Consumer {
 public:
  /// `environment` must remain live while this is in use.
  HailstormConsumer(const Environment& environment, ConsumerOptions options);
  ~HailstormConsumer() override;

  void subscribe(std::vector<std::string> topics, RebalanceListener listener) override;
  void begin_no_later_than(const std::vector<Position>& positions) override;
  void assign(std::vector<Position> positions) override;
  Result<std::vector<ConsumedRecord>> poll(int timeout_ms) override;
  Result<int64_t> poll(int timeout_ms, const RecordVisitor& visit) override;
  Status commit(const std::vector<Position>& positions) override;
  void commit_soon(const std::vector<Position>& positions) override;
  [[nodiscard]] std::vector<TopicPartition> assignment() const override;
  [[nodiscard]] GroupMember member() const override;
  [[nodiscard]] std::vector<ClosedPartition> closed_partitions() const override;
  [[nodiscard]] std::vector<std::string> missing_topics() const override;
  [[nodiscard]] int64_t lag() const override;
  void wake() override;

 private:
  [[nodiscard]] Status rebalance(EventLoop::Lock& lock);

  const Environment& environment_;
  const ConsumerOptions options_;
  RebalanceListener listener_;
  bool is_woken_ = false;     // protected by the loop's mutex
  bool lacks_group_ = false;  // subscribed without a group; protected by the loop's mutex
  mutable ConsumerSession session_;
  mutable EventLoop loop_;  // last: its thread uses the others
};

}  // namespace hailstorm::log::hail
