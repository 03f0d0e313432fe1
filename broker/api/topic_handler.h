#pragma once

#include <deque>
#include <functional>
#include <string>
#include <unordered_map>

#include "broker/api/descriptors.h"
#include "broker/api/producer_messages.h"
#include "broker/api/responder.h"
#include "broker/partition/disk_reserve.h"
#include "broker/partition/topic_store.h"

namespace hailstorm::broker {

/// Administers topics and answers what clients ask about them; also gives out producer ids and
/// epochs.
///
/// Thread safety: not safe; the broker's thread owns it. The references must remain live while it
/// is in use.
class TopicHandler {
 public:
  /// `changed` is called after each topic that was made, grew or was deleted. `descriptors` may be
  /// null.
  using Changed = std::function<void()>;

  TopicHandler(TopicStore& topics, DiskReserve& reserve, Changed changed,
               const Descriptors* descriptors)
      : topics_(topics),
        reserve_(reserve),
        changed_(std::move(changed)),
        descriptors_(descriptors) {}

  void handle(const wire::MetadataRequest& request, Responder<wire::MetadataReply> responder);
  void handle(const wire::ListOffsetsRequest& request, Responder<wire::ListOffsetsReply> responder);
  void handle(const wire::CreateTopicRequest& request, Responder<wire::CreateTopicReply> responder);
  void handle(const wire::AlterTopicRequest& request, Responder<wire::AlterTopicReply> responder);
  void handle(const wire::DeleteRecordsRequest& request,
              Responder<wire::DeleteRecordsReply> responder);
  void handle(const ProducersRequest& request, Responder<ProducersReply> responder);
  void handle(const wire::CreatePartitionsRequest& request,
              Responder<wire::CreatePartitionsReply> responder);
  /// Answered when no sync of the topic runs any more and its files are gone.
  void handle(const wire::DeleteTopicRequest& request, Responder<wire::DeleteTopicReply> responder);
  void handle(const wire::InitProducerIdRequest& request,
              Responder<wire::InitProducerIdReply> responder);

 private:
  [[nodiscard]] wire::PartitionMetadata describe(const Partition& partition) const;
  [[nodiscard]] wire::TopicMetadata describe(const Topic& topic) const;
  [[nodiscard]] wire::ListedOffset list(const wire::TopicPartition& id, int64_t timestamp_ms);
  /// Not none: there is no room for so many more partitions.
  [[nodiscard]] wire::Outcome check_room(int32_t partitions);
  [[nodiscard]] wire::Outcome create(const wire::CreateTopicRequest& request);
  [[nodiscard]] wire::Outcome alter(const wire::AlterTopicRequest& request);
  [[nodiscard]] wire::Outcome grow(const wire::CreatePartitionsRequest& request);
  [[nodiscard]] wire::Outcome remove(const std::string& topic);
  [[nodiscard]] wire::InitProducerIdReply next_epoch(const wire::InitProducerIdRequest& request);
  [[nodiscard]] wire::InitProducerIdReply new_producer();
  void remember_epoch(int64_t producer_id, int16_t epoch);

  TopicStore& topics_;
  DiskReserve& reserve_;
  Changed changed_;
  const Descriptors* descriptors_;
  // The epoch that each producer was given last, for those that asked for a new one; the oldest are
  // forgotten.
  std::unordered_map<int64_t, int16_t> epochs_;
  std::deque<int64_t> epochs_by_age_;
};

}  // namespace hailstorm::broker
