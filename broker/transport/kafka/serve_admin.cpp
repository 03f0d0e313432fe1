#include <algorithm>
#include <string>
#include <utility>

#include "broker/api/topic_configs.h"
#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"

// Requests of Kafka's administration tools about the cluster and its topics.
namespace hailstorm::broker {
namespace {

// Kafka's numbers.
constexpr int8_t kTopicResource = 2;
constexpr int8_t kBrokerResource = 4;
constexpr int8_t kFromTopic = 1;
constexpr int8_t kFromDefault = 5;
constexpr int16_t kSecurityDisabled = 54;

using ConfigResult = kafka::DescribeConfigsResponse::Result;

bool is_asked_for(const kafka::DescribeConfigsRequest::Resource& resource, std::string_view name) {
  const auto& keys = resource.configuration_keys;
  return !keys || keys->empty() || std::ranges::find(*keys, name) != keys->end();
}

void fill_configs(ConfigResult& result, const kafka::DescribeConfigsRequest::Resource& resource,
                  const std::vector<NamedConfig>& configs) {
  for (const NamedConfig& config : configs) {
    if (!is_asked_for(resource, config.name)) continue;
    auto& one = result.configs.emplace_back();
    one.name = config.name;
    one.value = config.value;
    one.read_only = config.is_read_only;
    one.config_source = config.is_default ? kFromDefault : kFromTopic;
    one.documentation.reset();
  }
}

NamedConfig of_broker(std::string_view name, std::string value) {
  return {name, name, ConfigType::text, value, value, true, true};
}

std::vector<NamedConfig> broker_configs(const KafkaCluster& cluster) {
  return {of_broker("auto.create.topics.enable", cluster.creates_topics ? "true" : "false"),
          of_broker("default.replication.factor", "1"),
          of_broker("num.partitions", std::to_string(cluster.new_topic_partitions))};
}

}  // namespace

void serve(KafkaContext context, KafkaCall call, const kafka::DescribeClusterRequest& request) {
  const Address address = context.cluster->address_for(call);
  kafka::DescribeClusterResponse response;
  response.endpoint_type = request.endpoint_type;
  response.cluster_id = context.cluster->id;
  response.controller_id = KafkaCluster::kNodeId;
  response.brokers.push_back({KafkaCluster::kNodeId, address.host, address.port, {}, false});
  call.respond(response);
}

void serve(KafkaContext context, KafkaCall call, const kafka::DescribeConfigsRequest& request) {
  const auto collector = Collector<kafka::DescribeConfigsResponse>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  collector->state.results.resize(request.resources.size());
  for (size_t i = 0; i < request.resources.size(); ++i) {
    const auto& resource = request.resources[i];
    ConfigResult& result = collector->state.results[i];
    result.error_message.reset();
    result.resource_type = resource.resource_type;
    result.resource_name = resource.resource_name;
    if (resource.resource_type == kBrokerResource) {
      fill_configs(result, resource, broker_configs(*context.cluster));
      continue;
    }
    if (resource.resource_type != kTopicResource) {
      result.error_code = kafka_error(ErrorCode::invalid_request);
      continue;
    }
    collector->begin();
    context.ask(call, wire::MetadataRequest{{resource.resource_name}},
                [collector, i, resource](const wire::MetadataReply& reply, auto) {
                  ConfigResult& into = collector->state.results[i];
                  const wire::TopicMetadata& topic = reply.topics.at(0);
                  into.error_code = kafka_error(topic.outcome.code);
                  into.error_message = kafka_message(topic.outcome);
                  if (topic.outcome.code == ErrorCode::none)
                    fill_configs(into, resource, configs_of(topic.config));
                  collector->finish();
                });
  }
  collector->finish();
}

void serve(KafkaContext context, KafkaCall call, const kafka::CreatePartitionsRequest& request) {
  const auto collector = Collector<kafka::CreatePartitionsResponse>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  collector->state.results.resize(request.topics.size());
  for (size_t i = 0; i < request.topics.size(); ++i) {
    auto& result = collector->state.results[i];
    result.name = request.topics[i].name;
    if (request.validate_only) continue;
    collector->begin();
    context.ask(call, wire::CreatePartitionsRequest{result.name, request.topics[i].count},
                [collector, i](const auto& reply, auto) {
                  auto& into = collector->state.results[i];
                  into.error_code = kafka_error(reply.outcome.code);
                  into.error_message = kafka_message(reply.outcome);
                  collector->finish();
                });
  }
  collector->finish();
}

/// There is one epoch, 0, which ends at the end of the log.
void serve(KafkaContext context, KafkaCall call,
           const kafka::OffsetForLeaderEpochRequest& request) {
  const auto collector = Collector<kafka::OffsetForLeaderEpochResponse>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  auto& topics = collector->state.topics;
  topics.resize(request.topics.size());
  for (size_t t = 0; t < topics.size(); ++t) {
    topics[t].topic = request.topics[t].topic;
    topics[t].partitions.resize(request.topics[t].partitions.size());
    for (size_t p = 0; p < topics[t].partitions.size(); ++p) {
      const auto& wanted = request.topics[t].partitions[p];
      topics[t].partitions[p].partition = wanted.partition;
      if (wanted.current_leader_epoch > 0) {
        topics[t].partitions[p].error_code = kafka_error(ErrorCode::unknown_leader_epoch);
        continue;
      }
      collector->begin();
      wire::ListOffsetsRequest list{{{topics[t].topic, wanted.partition}}, wire::kLatest};
      context.ask(call, std::move(list),
                  [collector, t, p, is_known = wanted.leader_epoch >= 0](const auto& reply, auto) {
                    auto& into = collector->state.topics[t].partitions[p];
                    const auto& found = reply.offsets.at(0);
                    into.error_code = kafka_error(found.outcome.code);
                    if (found.outcome.code == ErrorCode::none && is_known) {
                      into.leader_epoch = 0;
                      into.end_offset = found.offset;
                    }
                    collector->finish();
                  });
    }
  }
  collector->finish();
}

// What a broker alone and without users has none of.
void serve(KafkaContext, KafkaCall call, const kafka::DescribeAclsRequest&) {
  kafka::DescribeAclsResponse response;
  response.error_code = kSecurityDisabled;
  response.error_message = "there are no users here, and no rules about them";
  call.respond(response);
}
void serve(KafkaContext, KafkaCall call, const kafka::ListPartitionReassignmentsRequest&) {
  kafka::ListPartitionReassignmentsResponse response;
  response.error_message.reset();
  call.respond(response);
}
void serve(KafkaContext, KafkaCall call, const kafka::DescribeClientQuotasRequest&) {
  kafka::DescribeClientQuotasResponse response;
  response.error_message.reset();
  call.respond(response);
}
void serve(KafkaContext, KafkaCall call, const kafka::DescribeUserScramCredentialsRequest&) {
  kafka::DescribeUserScramCredentialsResponse response;
  response.error_message.reset();
  call.respond(response);
}

}  // namespace hailstorm::broker
