#include "broker/api/topic_handler.h"

#include <fmt/format.h>
#include <limits>

#include "broker/api/api_errors.h"
#include "broker/api/topic_configs.h"
#include "common/wire/limits.h"

namespace hailstorm::broker {
namespace {

using wire::ErrorCode;
using wire::Outcome;

constexpr size_t kMaxPartitions = 10'000;     // of all topics: each holds open files
constexpr size_t kPartitionBytes = 16 << 10;  // what the folder and files of an empty one may take
constexpr size_t kMaxRememberedEpochs = 100'000;
constexpr size_t kMaxNamed = kMaxPartitions;  // topics or partitions in one request

Outcome internal_topic(const std::string& name) {
  return {ErrorCode::policy_violation,
          fmt::format("topic '{}': names that begin with '__' belong to the broker", name)};
}

Outcome check_settings(const wire::TopicConfig& config) {
  const auto bad = [](const char* why) { return Outcome{ErrorCode::invalid_config, why}; };
  if (config.segment_bytes < wire::kMinSegmentBytes)
    return bad("segment_bytes must be at least 1024");
  if (config.segment_bytes > std::numeric_limits<int32_t>::max()) {
    return bad("segment_bytes must be below 2 GiB");
  }
  if (config.max_batch_bytes < wire::kLeastMaxBatchBytes ||
      config.max_batch_bytes > wire::kMostMaxBatchBytes) {
    return bad("max_batch_bytes must be between 1024 and 16 MiB");
  }
  if (config.retention_ms < -1) return bad("retention_ms must be -1 (for ever) or more");
  if (config.retention_bytes < -1) return bad("retention_bytes must be -1 (no limit) or more");
  if (config.flush != wire::FlushPolicy::always && config.flush != wire::FlushPolicy::interval) {
    return bad("flush must be always or interval");
  }
  if (config.flush_interval_ms < 1) return bad("flush_interval_ms must be at least 1");
  if (config.segment_ms < 1) return bad("segment_ms must be at least 1");
  if (config.cleanup > wire::CleanupPolicy::both) return bad("there is no such cleanup policy");
  if (config.delete_retention_ms < 0) return bad("delete_retention_ms must not be negative");
  if (config.min_dirty_ppm < 0 || config.min_dirty_ppm > 1'000'000)
    return bad("the least dirty part must be between 0 and 1");
  if (config.min_compaction_lag_ms < 0) return bad("min_compaction_lag_ms must not be negative");
  if (config.max_compaction_lag_ms < 1) return bad("max_compaction_lag_ms must be at least 1");
  if (config.max_compaction_lag_ms < config.min_compaction_lag_ms)
    return bad("max_compaction_lag_ms must not be less than min_compaction_lag_ms");
  return {};
}

size_t partitions_of(const TopicStore& topics) {
  size_t count = 0;
  for (const auto& [name, topic] : topics.topics()) count += topic.partitions.size();
  return count;
}

std::string too_much() {
  return fmt::format("a request names at most {} topics or partitions; ask for fewer", kMaxNamed);
}

Outcome too_many_partitions() {
  return {ErrorCode::invalid_partitions,
          fmt::format("one broker holds at most {} partitions; ask for fewer", kMaxPartitions)};
}

}  // namespace

wire::PartitionMetadata TopicHandler::describe(const Partition& partition) const {
  wire::PartitionMetadata described;
  described.partition = partition.id().partition;
  if (!partition.is_open()) {
    described.outcome = {ErrorCode::storage_error, partition.open_error()->message()};
    return described;
  }
  if (const auto failure = partition.failure())
    described.outcome = why_stopped(partition).value_or(outcome_of(*failure));
  described.log_start_offset = partition.log_start_offset();
  described.high_watermark = partition.high_watermark();
  described.log_end_offset = partition.log_end_offset();
  described.size_bytes = partition.size_bytes();
  return described;
}

wire::TopicMetadata TopicHandler::describe(const Topic& topic) const {
  wire::TopicMetadata described;
  described.name = topic.name;
  described.topic_id = topic.id;
  described.config = topic.config;
  for (const auto& partition : topic.partitions)
    described.partitions.push_back(describe(*partition));
  return described;
}

void TopicHandler::handle(const wire::MetadataRequest& request,
                          Responder<wire::MetadataReply> responder) {
  if (request.topics.size() > kMaxNamed)
    return responder.refuse({ErrorCode::invalid_request, too_much()});
  wire::MetadataReply reply;
  for (const std::string& name : request.topics) {
    if (const Topic* topic = topics_.find(name)) {
      reply.topics.push_back(describe(*topic));
    } else {
      reply.topics.push_back({name, {}, unknown_topic(name), {}, {}});
    }
  }
  if (request.topics.empty()) {
    for (const auto& [name, topic] : topics_.topics()) reply.topics.push_back(describe(topic));
  }
  responder.answer(reply);
}

wire::ListedOffset TopicHandler::list(const wire::TopicPartition& id, int64_t timestamp_ms) {
  wire::ListedOffset listed;
  listed.id = id;
  Partition* const partition = topics_.partition(id);
  if (partition == nullptr) {
    listed.outcome = why_no_partition(topics_, id);
    return listed;
  }
  listed.id.topic_id = partition->id().topic_id;
  if (timestamp_ms == wire::kLatest) {
    listed.offset = partition->high_watermark();
  } else if (timestamp_ms == wire::kEarliest) {
    listed.offset = partition->log_start_offset();
  } else if (auto found = timestamp_ms == wire::kYoungest ? partition->youngest()
                                                          : partition->offset_at(timestamp_ms);
             !found.ok()) {
    listed.outcome = outcome_of(found.error());
  } else if (*found) {
    listed.offset = (*found)->offset;
    listed.timestamp_ms = (*found)->timestamp_ms;
  } else {
    listed.offset = partition->high_watermark();
  }
  return listed;
}

void TopicHandler::handle(const wire::ListOffsetsRequest& request,
                          Responder<wire::ListOffsetsReply> responder) {
  if (request.partitions.size() > kMaxNamed)
    return responder.refuse({ErrorCode::invalid_request, too_much()});
  wire::ListOffsetsReply reply;
  for (const wire::TopicPartition& id : request.partitions) {
    reply.offsets.push_back(list(id, request.timestamp_ms));
  }
  responder.answer(reply);
}

Outcome TopicHandler::check_room(int32_t partitions) {
  const auto more = static_cast<size_t>(partitions);
  if (partitions_of(topics_) + more > kMaxPartitions) return too_many_partitions();
  if (descriptors_ != nullptr && !descriptors_->has_room_for_partitions(more)) {
    return {ErrorCode::out_of_resources,
            fmt::format("this broker may have {} files open, too few for {} more partitions beside "
                        "its clients; ask for fewer, delete topics, or start it with a higher "
                        "limit (ulimit -n)",
                        descriptors_->limit(), partitions)};
  }
  if (!reserve_.has_room(kPartitionBytes * more)) return reserve_.outcome();
  return {};
}

Outcome TopicHandler::create(const wire::CreateTopicRequest& request) {
  if (is_internal(request.name)) return internal_topic(request.name);
  if (topics_.find(request.name) != nullptr) {
    return {ErrorCode::topic_already_exists,
            fmt::format("topic '{}' exists already", request.name)};
  }
  if (request.config.partitions < 1 || request.config.partitions > wire::kMaxTopicPartitions) {
    return {ErrorCode::invalid_partitions,
            fmt::format("a topic has 1 to {} partitions", wire::kMaxTopicPartitions)};
  }
  if (Outcome refused = check_settings(request.config); refused.code != ErrorCode::none) {
    return refused;
  }
  if (Outcome full = check_room(request.config.partitions); full.code != ErrorCode::none)
    return full;
  const Status created = topics_.create(request.name, request.config);
  if (created.ok()) return {};
  if (created.error().is(storage::StorageErrc::invalid)) {
    return {ErrorCode::invalid_topic, created.error().message()};
  }
  return outcome_of(created.error());
}

void TopicHandler::handle(const wire::CreateTopicRequest& request,
                          Responder<wire::CreateTopicReply> responder) {
  wire::CreateTopicReply reply{create(request)};
  if (reply.outcome.code == ErrorCode::none) {
    reply.topic_id = topics_.find(request.name)->id;
    changed_();
  }
  responder.answer(reply);
}

Outcome TopicHandler::alter(const wire::AlterTopicRequest& request) {
  if (is_internal(request.name)) return internal_topic(request.name);
  const Topic* topic = topics_.find(request.name);
  if (topic == nullptr) return unknown_topic(request.name);
  wire::TopicConfig config;
  if (!request.resets_others) config = topic->config;
  for (const auto& setting : request.settings) {
    const auto value = setting.is_default ? std::nullopt : std::optional(setting.value);
    if (Outcome bad = set_config(config, setting.name, value); bad.code != ErrorCode::none)
      return bad;
  }
  if (Outcome bad = check_settings(config); bad.code != ErrorCode::none) return bad;
  if (request.validate_only) return {};
  const Status altered = topics_.alter(request.name, std::move(config));
  return altered.ok() ? Outcome{} : outcome_of(altered.error());
}

void TopicHandler::handle(const wire::AlterTopicRequest& request,
                          Responder<wire::AlterTopicReply> responder) {
  wire::AlterTopicReply reply{alter(request), {}};
  const Topic* topic = topics_.find(request.name);
  if (reply.outcome.code == ErrorCode::none && topic != nullptr) {
    for (const NamedConfig& one : configs_of(topic->config))
      reply.settings.push_back({std::string(one.name), one.value, one.is_default});
  }
  responder.answer(reply);
}

void TopicHandler::handle(const wire::DeleteRecordsRequest& request,
                          Responder<wire::DeleteRecordsReply> responder) {
  const wire::TopicPartition& id = request.id;
  if (is_internal(id.topic))
    return responder.refuse({ErrorCode::invalid_topic, internal_topic(id.topic).message});
  Partition* const partition = topics_.partition(id);
  if (partition == nullptr) return responder.refuse(why_no_partition(topics_, id));
  if (!topics_.find(id.topic)->config.has_retention())
    return responder.refuse(
        {ErrorCode::policy_violation,
         fmt::format("topic '{}' is only compacted (cleanup.policy): no record goes before its "
                     "key has a later one",
                     id.topic)});
  const bool is_all = request.before_offset == wire::kLatest;
  const Status deleted =
      partition->delete_before(is_all ? partition->high_watermark() : request.before_offset);
  if (!deleted.ok()) return responder.refuse(outcome_of(deleted.error()));
  responder.answer({{}, partition->log_start_offset()});
}

void TopicHandler::handle(const ProducersRequest& request, Responder<ProducersReply> responder) {
  const Partition* const partition = topics_.partition(request.id);
  if (partition == nullptr) return responder.refuse(why_no_partition(topics_, request.id));
  ProducersReply reply;
  for (const auto& producer : partition->producers().producers()) {
    const int32_t last_sequence =
        producer.batch_count == 0 ? -1 : producer.batches[producer.batch_count - 1].last_sequence;
    reply.producers.push_back({producer.id, producer.epoch, last_sequence});
  }
  responder.answer(reply);
}

Outcome TopicHandler::grow(const wire::CreatePartitionsRequest& request) {
  if (is_internal(request.name)) return internal_topic(request.name);
  const Topic* topic = topics_.find(request.name);
  if (topic == nullptr) return unknown_topic(request.name);
  const auto now = static_cast<int32_t>(topic->partitions.size());
  if (request.partitions <= now || request.partitions > wire::kMaxTopicPartitions) {
    return {
        ErrorCode::invalid_partitions,
        fmt::format("topic '{}' has {} partitions; the new total must be above that and at most {}",
                    request.name, now, wire::kMaxTopicPartitions)};
  }
  if (Outcome full = check_room(request.partitions - now); full.code != ErrorCode::none)
    return full;
  const Status grown = topics_.grow(request.name, request.partitions);
  return grown.ok() ? Outcome{} : outcome_of(grown.error());
}

void TopicHandler::handle(const wire::CreatePartitionsRequest& request,
                          Responder<wire::CreatePartitionsReply> responder) {
  wire::CreatePartitionsReply reply{grow(request)};
  if (reply.outcome.code == ErrorCode::none) changed_();
  responder.answer(reply);
}

Outcome TopicHandler::remove(const std::string& topic) {
  if (topics_.find(topic) == nullptr) return unknown_topic(topic);
  const Status removed = topics_.remove(topic);
  if (topics_.find(topic) == nullptr) {
    changed_();
  }
  return removed.ok() ? Outcome{} : outcome_of(removed.error());
}

void TopicHandler::handle(const wire::DeleteTopicRequest& request,
                          Responder<wire::DeleteTopicReply> responder) {
  if (is_internal(request.name)) {
    return responder.refuse(internal_topic(request.name));
  }
  topics_.when_quiet(request.name,
                     [this, topic = request.name, responder = std::move(responder)]() mutable {
                       responder.answer({remove(topic)});
                     });
}

wire::InitProducerIdReply TopicHandler::new_producer() {
  const auto id = topics_.next_producer_id();
  if (!id.ok()) return {outcome_of(id.error()), -1, -1};
  return {{}, *id, 0};
}

wire::InitProducerIdReply TopicHandler::next_epoch(const wire::InitProducerIdRequest& request) {
  if (request.producer_id < 0 || request.producer_epoch < 0) {
    return {{ErrorCode::invalid_request,
             "a producer id and its epoch are both -1 or both not negative"},
            -1,
            -1};
  }
  const auto known = epochs_.find(request.producer_id);
  if (known != epochs_.end() && known->second == request.producer_epoch + 1) {
    return {{}, request.producer_id, known->second};  // asked again: the first answer was lost
  }
  if (known != epochs_.end() && known->second != request.producer_epoch) {
    return {{ErrorCode::invalid_producer_epoch,
             fmt::format("producer {} has epoch {} now, not {}", request.producer_id, known->second,
                         request.producer_epoch)},
            -1,
            -1};
  }
  if (request.producer_epoch == std::numeric_limits<int16_t>::max()) return new_producer();
  const auto epoch = static_cast<int16_t>(request.producer_epoch + 1);
  for (const auto& [name, topic] : topics_.topics()) {
    for (const auto& partition : topic.partitions) {
      if (partition->is_open()) partition->fence_producer(request.producer_id, epoch);
    }
  }
  remember_epoch(request.producer_id, epoch);
  return {{}, request.producer_id, epoch};
}

void TopicHandler::remember_epoch(int64_t producer_id, int16_t epoch) {
  if (epochs_.insert_or_assign(producer_id, epoch).second) epochs_by_age_.push_back(producer_id);
  if (epochs_by_age_.size() <= kMaxRememberedEpochs) return;
  epochs_.erase(epochs_by_age_.front());
  epochs_by_age_.pop_front();
}

void TopicHandler::handle(const wire::InitProducerIdRequest& request,
                          Responder<wire::InitProducerIdReply> responder) {
  const bool fresh = request.producer_id == -1 && request.producer_epoch == -1;
  responder.answer(fresh ? new_producer() : next_epoch(request));
}

}  // namespace hailstorm::broker
