#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/log/hailstorm/accumulator.h"
#include "common/log/hailstorm/closed_partitions.h"
#include "common/log/hailstorm/event_loop.h"
#include "common/log/hailstorm/in_flight_partitions.h"
#include "common/log/hailstorm/metadata.h"
#include "common/log/hailstorm/refusal_log.h"

namespace hailstorm::log::hail {

/// A producer's half that speaks to the broker: takes batches out of the accumulator, sends them in
/// order until they are answered, and reports what became of their records.
///
/// Thread safety: not safe; the event loop's mutex protects it.
class Sender final : public EventLoop::Client {
 public:
  /// The references must remain live while this is in use; `loop` is not used before
  /// send_requests().
  Sender(EventLoop& loop, Accumulator& accumulator, const ProducerOptions& options)
      : loop_(loop),
        accumulator_(accumulator),
        options_(options),
        in_flight_(options.compression) {}

  void send_requests(int64_t now_ms) override;
  [[nodiscard]] int64_t next_due_ms(int64_t now_ms) override;
  void on_connection_lost(int64_t now_ms) override;

  /// The part of send_requests() that records which were just appended need.
  void send_batches(int64_t now_ms);
  /// Fails whatever is not answered for. Nothing is sent any more.
  void close();

 private:
  void take_batches(int64_t now_ms);
  void refuse_partitions();
  void expire(int64_t now_ms);
  void fail_closed();
  void request_metadata(int64_t now_ms);
  void request_identity(int64_t now_ms);
  void transmit(int64_t now_ms);

  void on_metadata(const wire::MetadataReply& reply, int64_t now_ms);
  void on_identity(const wire::InitProducerIdReply& reply, int64_t now_ms);
  void on_produced(const TopicPartition& id, uint64_t token, const wire::ProduceReply& reply,
                   int64_t now_ms);
  void update_topic(const Metadata::Update::Topic& topic, int64_t now_ms);
  void update_closed(const wire::TopicMetadata& topic);
  void close_partition(const TopicPartition& id, const wire::Outcome& outcome);
  void fail_topic(const std::string& topic, std::string why);

  [[nodiscard]] bool may_begin() const;
  void complete(const TopicPartition& id, const std::vector<InFlightBatches::Completed>& completed);
  void fail(ReadyBatch failed, const Error& error);

  EventLoop& loop_;
  Accumulator& accumulator_;
  const ProducerOptions& options_;

  InFlightPartitions in_flight_;
  Metadata metadata_;
  bool is_metadata_pending_ = false;
  ProducerIdentity identity_;
  bool is_identity_pending_ = false;
  int64_t identity_due_ms_ = 0;
  ClosedPartitions closed_;
  RefusalLog refusals_;
  bool is_closing_ = false;
};

}  // namespace hailstorm::log::hail
