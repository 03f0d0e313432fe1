#include <fmt/format.h>
#include <utility>

#include "common/base/logging.h"
#include "common/log/hailstorm/broker_errors.h"
#include "common/log/hailstorm/producer.h"

/// The part of HailstormProducer that handles closed partitions. The broker opens one only at its
/// next start, which the producer notices as a lost connection.
namespace hailstorm::log::hail {
namespace {

using wire::ErrorCode;

std::string closed_text(const TopicPartition& id, const std::string& why) {
  return fmt::format("partition {}-{} is closed: {}", id.topic, id.partition, why);
}

}  // namespace

void HailstormProducer::note_closed(const wire::MetadataReply& reply) {
  for (const wire::TopicMetadata& topic : reply.topics) {
    for (const wire::PartitionMetadata& partition : topic.partitions) {
      const TopicPartition id{topic.name, partition.partition};
      if (partition.outcome.code == ErrorCode::storage_error) {
        close(id, partition.outcome);
      } else {
        reopen(id);
      }
    }
  }
}

/// Records without a key go to other partitions from now on, also those that were not sent yet.
void HailstormProducer::close(const TopicPartition& id, const wire::Outcome& outcome) {
  const std::string why = error_of(outcome).message();
  if (!closed_.insert_or_assign(id, why).second) return;
  log_warn(
      "a partition is closed; records for it fail until the broker's next start",
      {distinct_by({"topic", id.topic}), distinct_by({"partition", id.partition}), {"why", why}});
  const std::lock_guard lock(mutex_);
  accumulator_.set_closed(id, true);
  for (Batch& batch : lanes_[id].take_unsent()) accumulator_.put_back(id, std::move(batch));
}

void HailstormProducer::reopen(const TopicPartition& id) {
  if (closed_.erase(id) == 0) return;
  log_info("a partition is open again", {{"topic", id.topic}, {"partition", id.partition}});
  const std::lock_guard lock(mutex_);
  accumulator_.set_closed(id, false);
}

void HailstormProducer::reopen_all() {
  closed_.clear();
  const std::lock_guard lock(mutex_);
  accumulator_.open_all();
}

/// The broker refused a batch: it and those sent after it may be on the disk, or not.
void HailstormProducer::fail_sent(const TopicPartition& id, const wire::Outcome& outcome) {
  close(id, outcome);
  const std::string why = closed_text(id, error_of(outcome).message());
  settle(id, lanes_[id].take_all(Error(LogErrc::unknown_outcome,
                                       why + "; the record may have been written or not")));
}

/// What was never sent to a closed partition.
void HailstormProducer::fail_closed() {
  for (const auto& [id, why] : closed_) {
    std::vector<Accumulator::Ready> waiting;
    {
      const std::lock_guard lock(mutex_);
      waiting = accumulator_.take_closed(id);
    }
    if (waiting.empty()) continue;
    settle(std::move(waiting), Error(LogErrc::storage_error, closed_text(id, why)));
  }
}

}  // namespace hailstorm::log::hail
