#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "common/log/hailstorm/consumer_worker.h"
#include "common/log/log.h"

namespace hailstorm::log::hail {

/// Reads from our broker. While the caller does not wait here, a thread of its own keeps the
/// membership and fetches ahead.
///
/// Thread safety: not safe, but for wake().
class HailstormConsumer final : public Consumer {
 public:
  /// `network` must remain live while this is in use.
  HailstormConsumer(Network& network, ConsumerOptions options);
  ~HailstormConsumer() override;

  void subscribe(std::vector<std::string> topics, RebalanceListener listener) override;
  void begin_no_later_than(const std::vector<Position>& positions) override;
  void assign(std::vector<Position> positions) override;
  Result<std::vector<ConsumedRecord>> poll(int timeout_ms) override;
  Result<int64_t> poll(int timeout_ms, const RecordVisitor& visit) override;
  Status commit(const std::vector<Position>& positions) override;
  void commit_soon(const std::vector<Position>& positions) override;
  [[nodiscard]] std::vector<TopicPartition> assignment() const override;
  [[nodiscard]] std::vector<ClosedPartition> closed_partitions() const override;
  [[nodiscard]] std::vector<std::string> missing_topics() const override;
  [[nodiscard]] int64_t lag() const override;
  void wake() override;

 private:
  using Lock = std::unique_lock<std::mutex>;
  [[nodiscard]] Status rebalance(Lock& lock);
  [[nodiscard]] bool has_news() const;
  /// Takes turns with the broker until `done()`; false: `until` came first.
  template <class Done>
  [[nodiscard]] bool drive(Lock& lock, std::chrono::steady_clock::time_point until,
                           const Done& done);
  [[nodiscard]] Result<size_t> poll_records(int timeout_ms, const FetchState::Visitor& visit);
  [[nodiscard]] Result<size_t> wait_for_records(Lock& lock, int timeout_ms,
                                                const FetchState::Visitor& visit);

  Network& network_;
  const ConsumerOptions options_;
  const SystemClock clock_;
  RebalanceListener listener_;
  mutable ConsumerState state_;
  bool woken_ = false;        // protected by state_.mutex
  bool lacks_group_ = false;  // subscribed without a group; protected by state_.mutex
  ConsumerWorker worker_;     // last: it uses the others
};

}  // namespace hailstorm::log::hail
