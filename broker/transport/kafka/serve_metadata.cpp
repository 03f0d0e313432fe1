#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/operations.h"
#include "broker/transport/kafka/serve.h"
#include "common/wire/topic_name.h"

namespace hailstorm::broker {
namespace {

/// One request on its way: topics that are missing are made first, then all are described.
struct Wanted {
  std::vector<std::string> names;
  std::vector<kafka::MetadataResponse::Topic> refused;  // known without asking
  bool wants_all = false;
  bool makes_topics = false;
  bool asks_for_operations = false;          // on each topic
  bool asks_for_cluster_operations = false;  // until version 10
};

kafka::MetadataResponse::Topic describe_topic(const wire::TopicMetadata& topic) {
  kafka::MetadataResponse::Topic described;
  const bool cannot_be = topic.outcome.code != ErrorCode::none && !wire::is_topic_name(topic.name);
  described.error_code = kafka_error(cannot_be ? ErrorCode::invalid_topic : topic.outcome.code);
  described.name = topic.name;
  described.topic_id = topic.topic_id;
  described.is_internal = topic.name == groups::kOffsetsTopic;
  for (const wire::PartitionMetadata& partition : topic.partitions) {
    auto& one = described.partitions.emplace_back();
    one.partition_index = partition.partition;
    one.leader_id = KafkaCluster::kNodeId;
    one.leader_epoch = 0;
    one.replica_nodes = one.isr_nodes = {KafkaCluster::kNodeId};
  }
  return described;
}

void respond_with(const KafkaContext& context, const KafkaCall& call, const Wanted& wanted,
                  const std::vector<wire::TopicMetadata>& topics) {
  const Address address = context.cluster->address_for(call);
  kafka::MetadataResponse response;
  response.brokers.push_back({KafkaCluster::kNodeId, address.host, address.port, {}});
  response.cluster_id = context.cluster->id;
  response.controller_id = KafkaCluster::kNodeId;
  response.topics = wanted.refused;
  for (const auto& topic : topics) {
    auto& described = response.topics.emplace_back(describe_topic(topic));
    if (wanted.asks_for_operations && described.error_code == 0)
      described.topic_authorized_operations = kTopicOperations;
  }
  if (wanted.asks_for_cluster_operations)
    response.cluster_authorized_operations = kClusterOperations;
  call.respond(response);
}

void describe_all(const KafkaContext& context, const KafkaCall& call, Wanted wanted) {
  if (wanted.names.empty() && !wanted.wants_all) return respond_with(context, call, wanted, {});
  wire::MetadataRequest request{wanted.names};
  context.ask(call, std::move(request),
              [context, call, wanted = std::move(wanted)](const wire::MetadataReply& reply, auto) {
                respond_with(context, call, wanted, reply.topics);
              });
}

void make_missing(const KafkaContext& context, const KafkaCall& call, Wanted wanted,
                  const wire::MetadataReply& found) {
  using State = std::pair<KafkaContext, Wanted>;
  const auto collector = Collector<State>::make(
      call, {context, std::move(wanted)}, [](const auto& done, State& state) {
        describe_all(state.first, done, std::move(state.second));
      });
  for (const wire::TopicMetadata& topic : found.topics) {
    if (topic.outcome.code != ErrorCode::unknown_topic_or_partition) continue;
    collector->begin();
    wire::CreateTopicRequest create{topic.name, {}};
    create.config.partitions = context.cluster->new_topic_partitions;
    context.ask(call, create, [collector, name = topic.name](const auto& reply, auto) {
      const bool is_there = reply.outcome.code == ErrorCode::none ||
                            reply.outcome.code == ErrorCode::topic_already_exists;
      if (!is_there) {
        std::erase(collector->state.second.names, name);
        auto& refused = collector->state.second.refused.emplace_back();
        refused.error_code = kafka_error(reply.outcome.code);
        refused.name = name;
      }
      collector->finish();
    });
  }
  collector->finish();
}

Wanted wanted_by(const KafkaContext& context, const KafkaCall& call,
                 const kafka::MetadataRequest& request) {
  Wanted wanted;
  // Until version 0 no topics meant all of them.
  wanted.wants_all = !request.topics || (call.version() == 0 && request.topics->empty());
  wanted.asks_for_operations = request.include_topic_authorized_operations;
  wanted.asks_for_cluster_operations = request.include_cluster_authorized_operations;
  wanted.makes_topics = request.allow_auto_topic_creation && context.cluster->creates_topics;
  if (wanted.wants_all) return wanted;
  std::set<std::string> names;  // each is answered once
  for (const auto& topic : *request.topics) {
    const std::string name = topic.name ? *topic.name : context.broker->topic_name(topic.topic_id);
    if (topic.name || !name.empty()) {
      if (names.insert(name).second) wanted.names.push_back(name);
      continue;
    }
    auto& refused = wanted.refused.emplace_back();
    refused.error_code = kafka_error(ErrorCode::unknown_topic_id);
    refused.name.reset();
    refused.topic_id = topic.topic_id;
  }
  return wanted;
}

}  // namespace

void serve(KafkaContext context, KafkaCall call, kafka::MetadataRequest request) {
  Wanted wanted = wanted_by(context, call, request);
  if (!wanted.makes_topics || wanted.names.empty())
    return describe_all(context, call, std::move(wanted));
  wire::MetadataRequest names{wanted.names};
  context.ask(call, std::move(names),
              [context, call, wanted = std::move(wanted)](const auto& found, auto) mutable {
                make_missing(context, call, std::move(wanted), found);
              });
}

}  // namespace hailstorm::broker
