#include "common/log/hailstorm/sender.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "common/log/hailstorm/broker_errors.h"

namespace hailstorm::log::hail {
namespace {

using wire::ErrorCode;

constexpr int64_t kProducerRequestTimeoutMs = 10'000;
constexpr int64_t kIdentityPauseMs = 200;

}  // namespace

void Sender::send_requests(int64_t now_ms) {
  fail_closed();
  expire(now_ms);
  send_batches(now_ms);
}

void Sender::send_batches(int64_t now_ms) {
  if (is_closing_) return;
  take_batches(now_ms);
  refuse_partitions();
  if (!loop_.connected()) return;
  request_metadata(now_ms);
  request_identity(now_ms);
  transmit(now_ms);
}

int64_t Sender::next_due_ms(int64_t now_ms) {
  int64_t due_ms = now_ms + std::max(options_.delivery_timeout_ms / 10, 1);
  if (loop_.connected()) {
    due_ms = std::min(due_ms, in_flight_.next_due_ms(may_begin()));
    if (!is_metadata_pending_) due_ms = std::min(due_ms, metadata_.next_due_ms());
  }
  const auto room = [this](const TopicPartition& id) { return in_flight_.has_room(id); };
  return std::min(due_ms, accumulator_.next_due_ms(room));
}

void Sender::on_connection_lost(int64_t now_ms) {
  is_metadata_pending_ = is_identity_pending_ = false;
  metadata_.invalidate_all(now_ms);  // the broker may have been started again
  closed_.open_all();
  accumulator_.open_all();
  in_flight_.on_connection_lost();
  identity_due_ms_ = std::min(identity_due_ms_, now_ms);
}

/// Batches may be given sequences of the identity that is in use.
bool Sender::may_begin() const { return identity_.id >= 0 && !in_flight_.need_restart(); }

void Sender::take_batches(int64_t now_ms) {
  for (const std::string& topic : accumulator_.topics_unknown()) metadata_.want(topic);
  const auto room = [this](const TopicPartition& id) {
    return !closed_.contains(id) && in_flight_.has_room(id);
  };
  while (true) {
    auto ready = accumulator_.take_ready(now_ms, room);
    if (ready.empty()) return;
    for (auto& [id, batch] : ready) in_flight_[id].add(std::move(batch));
  }
}

/// Fails the records whose topic does not have the partition that they name.
void Sender::refuse_partitions() {
  for (ReadyBatch& refused : accumulator_.take_refused()) {
    const Error error(LogErrc::refused, fmt::format("topic '{}' has no partition {}",
                                                    refused.id.topic, refused.id.partition));
    fail(std::move(refused), error);
  }
}

void Sender::expire(int64_t now_ms) {
  const int64_t before_ms = now_ms - options_.delivery_timeout_ms;
  for (auto& [id, batches] : in_flight_) complete(id, batches.expire(before_ms));
  const Error error(LogErrc::unknown_outcome,
                    "the record could not be delivered within the delivery timeout");
  for (ReadyBatch& expired : accumulator_.take_older_than(before_ms))
    fail(std::move(expired), error);
}

void Sender::request_metadata(int64_t now_ms) {
  if (is_metadata_pending_) return;
  auto topics = metadata_.due(now_ms);
  if (topics.empty()) return;
  is_metadata_pending_ = true;
  loop_.send(wire::MetadataRequest{std::move(topics)}, now_ms + kProducerRequestTimeoutMs,
             [this](const Reply& reply, int64_t at_ms) {
               is_metadata_pending_ = false;
               on_metadata(body_of<wire::MetadataReply>(reply), at_ms);
             });
}

void Sender::on_metadata(const wire::MetadataReply& reply, int64_t now_ms) {
  if (reply.outcome.code != ErrorCode::none) return metadata_.on_failure(now_ms);
  const auto update = metadata_.on_reply(reply, now_ms);
  for (const wire::TopicMetadata& topic : reply.topics) update_closed(topic);
  for (const auto& topic : update.topics) update_topic(topic, now_ms);
  for (const std::string& topic : update.missing)
    fail_topic(topic, fmt::format("topic '{}' does not exist; create it first", topic));
}

void Sender::update_topic(const Metadata::Update::Topic& topic, int64_t now_ms) {
  if (topic.partition_count >= accumulator_.partition_count(topic.name)) {
    accumulator_.set_max_batch_bytes(topic.name, topic.max_batch_bytes);
    accumulator_.set_partition_count(topic.name, topic.partition_count, now_ms);
    return;
  }
  // A topic never loses partitions.
  fail_topic(topic.name, fmt::format("topic '{}' was deleted and made again with fewer partitions; "
                                     "send the record again",
                                     topic.name));
}

void Sender::fail_topic(const std::string& topic, std::string why) {
  const Error error(LogErrc::unknown_topic, std::move(why));
  metadata_.forget(topic);
  auto waiting = accumulator_.take_topic(topic);
  for (auto& [id, batches] : in_flight_) {
    if (id.topic == topic) complete(id, batches.fail_all(error));
  }
  for (ReadyBatch& batch : waiting) fail(std::move(batch), error);
}

void Sender::update_closed(const wire::TopicMetadata& topic) {
  for (const wire::PartitionMetadata& partition : topic.partitions) {
    const TopicPartition id{topic.name, partition.partition};
    if (partition.outcome.code == ErrorCode::storage_error) {
      close_partition(id, partition.outcome);
    } else if (closed_.open(id)) {
      accumulator_.set_closed(id, false);
    }
  }
}

/// Records without a key go to other partitions from now on, also those that were not sent yet.
void Sender::close_partition(const TopicPartition& id, const wire::Outcome& outcome) {
  if (!closed_.close(id, outcome)) return;
  accumulator_.set_closed(id, true);
  for (Batch& batch : in_flight_[id].take_unsent()) accumulator_.put_back(id, std::move(batch));
}

/// What was never sent to a closed partition.
void Sender::fail_closed() {
  for (const auto& [id, reason] : closed_.reasons()) {
    for (ReadyBatch& batch : accumulator_.take_closed(id))
      fail(std::move(batch), Error(LogErrc::storage_error, reason));
  }
}

void Sender::request_identity(int64_t now_ms) {
  if (may_begin() || is_identity_pending_ || now_ms < identity_due_ms_) return;
  if (!in_flight_.are_quiet()) return;
  if (in_flight_.are_fenced()) identity_ = {};
  is_identity_pending_ = true;
  loop_.send(wire::InitProducerIdRequest{identity_.id, identity_.epoch},
             now_ms + kProducerRequestTimeoutMs, [this](const Reply& reply, int64_t at_ms) {
               is_identity_pending_ = false;
               on_identity(body_of<wire::InitProducerIdReply>(reply), at_ms);
             });
}

void Sender::transmit(int64_t now_ms) {
  if (identity_.id < 0) return;
  const bool begins = may_begin();
  const wire::Acks acks = options_.acks_all ? wire::Acks::all : wire::Acks::leader;
  for (auto& [id, batches] : in_flight_) {
    while (auto outgoing = batches.next(identity_, now_ms, begins)) {
      loop_.send(
          wire::ProduceRequest{id.topic, id.partition, acks}, now_ms + kProducerRequestTimeoutMs,
          [this, id = id, token = outgoing->token](const Reply& reply, int64_t at_ms) {
            on_produced(id, token, body_of<wire::ProduceReply>(reply), at_ms);
          },
          std::move(outgoing->bytes));
    }
  }
}

void Sender::on_produced(const TopicPartition& id, uint64_t token, const wire::ProduceReply& reply,
                         int64_t now_ms) {
  const wire::Outcome& outcome = reply.outcome;
  // Its limit, its partitions, or that it is there: what is known of the topic may be old.
  if (outcome.code == ErrorCode::unknown_topic_or_partition ||
      outcome.code == ErrorCode::message_too_large) {
    metadata_.invalidate(id.topic, now_ms);
  }
  refusals_.note(id, outcome);
  InFlightBatches& batches = in_flight_[id];
  complete(id, batches.on_reply(token, outcome, reply.base_offset, now_ms));
  if (outcome.code != ErrorCode::storage_error) return;
  // The batch and those sent after it may be on the disk, or not.
  close_partition(id, outcome);
  complete(id, batches.fail_all(
                   Error(LogErrc::unknown_outcome,
                         closed_.reasons().at(id) + "; the record may have been written or not")));
}

void Sender::on_identity(const wire::InitProducerIdReply& reply, int64_t now_ms) {
  if (reply.outcome.code != ErrorCode::none) {
    // A fresh id is never refused for good: what was wrong is the old one.
    if (!wire::is_retriable(reply.outcome.code)) identity_ = {};
    identity_due_ms_ = now_ms + kIdentityPauseMs;
    return;
  }
  identity_ = {reply.producer_id, reply.producer_epoch};
  in_flight_.restart();
}

void Sender::complete(const TopicPartition& id,
                      const std::vector<InFlightBatches::Completed>& completed) {
  if (completed.empty()) return;
  int64_t records = 0;
  size_t bytes = 0;
  for (const auto& [batch, base_offset] : completed) {
    report(batch, id, base_offset);
    records += batch.record_count;
    bytes += batch.bytes;
  }
  accumulator_.acknowledge(records, bytes, in_flight_.oldest_ticket());
}

void Sender::fail(ReadyBatch failed, const Error& error) {
  std::vector<InFlightBatches::Completed> completed;
  completed.push_back({std::move(failed.batch), error});
  complete(failed.id, completed);
}

void Sender::close() {
  is_closing_ = true;
  const Error error(LogErrc::unknown_outcome,
                    "the producer was closed before the broker answered for the record");
  for (auto& [id, batches] : in_flight_) complete(id, batches.fail_all(error));
  for (ReadyBatch& waiting : accumulator_.take_all()) fail(std::move(waiting), error);
}

}  // namespace hailstorm::log::hail
