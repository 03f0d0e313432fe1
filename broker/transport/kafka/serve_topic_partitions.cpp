#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/operations.h"
#include "broker/transport/kafka/serve.h"
#include "common/wire/topic_name.h"

namespace hailstorm::broker {
namespace {

using PartitionsRequest = kafka::DescribeTopicPartitionsRequest;
using PartitionsResponse = kafka::DescribeTopicPartitionsResponse;

constexpr int32_t kMostPartitions = 2'000;  // in one response, as in Kafka

PartitionsResponse::Partition described_partition(const wire::PartitionMetadata& partition) {
  PartitionsResponse::Partition described;
  described.partition_index = partition.partition;
  described.leader_id = KafkaCluster::kNodeId;
  described.leader_epoch = 0;
  described.replica_nodes = described.isr_nodes = {KafkaCluster::kNodeId};
  described.eligible_leader_replicas.emplace();
  described.last_known_elr.emplace();
  return described;
}

/// Adds the topic from `first_partition` on. Gives the number of the first partition that has no
/// room any more, or -1.
int32_t add_topic(PartitionsResponse& response, const wire::TopicMetadata& topic,
                  int32_t first_partition, int32_t& room) {
  PartitionsResponse::Topic described;
  described.error_code = kafka_error(topic.outcome.code);
  if (topic.outcome.code != ErrorCode::none && !wire::is_topic_name(topic.name))
    described.error_code = kafka_error(ErrorCode::invalid_topic);
  described.name = topic.name;
  described.topic_id = topic.topic_id;
  described.is_internal = topic.name == groups::kOffsetsTopic;
  described.topic_authorized_operations = kTopicOperations;
  int32_t next = -1;
  for (const wire::PartitionMetadata& partition : topic.partitions) {
    if (partition.partition < first_partition) continue;
    if (room == 0) {
      next = partition.partition;
      break;
    }
    --room;
    described.partitions.push_back(described_partition(partition));
  }
  if (next < 0 || !described.partitions.empty()) response.topics.push_back(std::move(described));
  return next;
}

PartitionsResponse described_topics(const PartitionsRequest& request,
                                    std::vector<wire::TopicMetadata> topics) {
  std::ranges::sort(topics, {}, &wire::TopicMetadata::name);
  PartitionsResponse response;
  int32_t room = std::clamp(request.response_partition_limit, 1, kMostPartitions);
  for (const wire::TopicMetadata& topic : topics) {
    int32_t first = 0;
    if (request.cursor) {
      if (topic.name < request.cursor->topic_name) continue;
      if (topic.name == request.cursor->topic_name) first = request.cursor->partition_index;
    }
    const int32_t next = room == 0 ? 0 : add_topic(response, topic, first, room);
    if (next < 0) continue;
    response.next_cursor = PartitionsResponse::Cursor{topic.name, next};
    break;
  }
  return response;
}

}  // namespace

/// Without names: all topics. What does not fit is asked for again from the cursor on.
void serve(KafkaContext context, KafkaCall call, const PartitionsRequest& request) {
  wire::MetadataRequest metadata;
  for (const auto& topic : request.topics) metadata.topics.push_back(topic.name);
  std::ranges::sort(metadata.topics);
  auto& names = metadata.topics;
  names.erase(std::unique(names.begin(), names.end()), names.end());  // clang 14 has no ranges here
  context.ask(call, std::move(metadata), [call, request](const auto& reply, auto) {
    call.respond(described_topics(request, reply.topics));
  });
}

}  // namespace hailstorm::broker
