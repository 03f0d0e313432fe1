#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"

namespace hailstorm::broker {
namespace {

using NamedPartitions = std::map<std::string, std::set<int32_t>>;
using LogDir = kafka::DescribeLogDirsResponse::Result;

LogDir describe_folder(const KafkaContext& context) {
  LogDir folder;
  std::error_code failure;
  folder.log_dir = std::filesystem::absolute(context.broker->data_folder(), failure).string();
  const auto space = context.broker->disk_space();
  if (space.ok()) {
    folder.total_bytes = static_cast<int64_t>(space->total_bytes);
    folder.usable_bytes = static_cast<int64_t>(space->free_bytes);
  }
  return folder;
}

void add_log_topic(LogDir& folder, const wire::TopicMetadata& topic,
                   const std::set<int32_t>* wanted) {
  kafka::DescribeLogDirsResponse::Topic described;
  described.name = topic.name;
  for (const wire::PartitionMetadata& partition : topic.partitions) {
    if (wanted == nullptr || wanted->contains(partition.partition))
      described.partitions.push_back({partition.partition, partition.size_bytes, 0, false});
  }
  if (!described.partitions.empty()) folder.topics.push_back(std::move(described));
}

}  // namespace

/// There is one folder. A topic that it does not have is left out, as Kafka does.
void serve(KafkaContext context, KafkaCall call, const kafka::DescribeLogDirsRequest& request) {
  std::optional<NamedPartitions> wanted;
  if (request.topics) {
    wanted.emplace();
    for (const auto& topic : *request.topics)
      (*wanted)[topic.topic].insert(topic.partitions.begin(), topic.partitions.end());
  }
  context.ask(call, wire::MetadataRequest{},
              [context, call, wanted](const wire::MetadataReply& reply, auto) {
                kafka::DescribeLogDirsResponse response;
                LogDir folder = describe_folder(context);
                for (const wire::TopicMetadata& topic : reply.topics) {
                  if (!wanted) {
                    add_log_topic(folder, topic, nullptr);
                  } else if (const auto named = wanted->find(topic.name); named != wanted->end()) {
                    add_log_topic(folder, topic, &named->second);
                  }
                }
                response.results.push_back(std::move(folder));
                call.respond(response);
              });
}

}  // namespace hailstorm::broker
