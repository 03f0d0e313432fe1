#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <utility>

#include "broker/transport/kafka/config_resource.h"
#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"
#include "common/wire/topic_name.h"

// The settings of topics, which can be changed, and of the broker, which cannot.
namespace hailstorm::broker {
namespace {

// Kafka's numbers for where a value comes from.
constexpr int8_t kGivenForTopic = 1;
constexpr int8_t kDefaultOfBroker = 5;

using ConfigResult = kafka::DescribeConfigsResponse::Result;
using DescribedResource = kafka::DescribeConfigsRequest::Resource;

bool is_asked_for(const DescribedResource& resource, std::string_view name) {
  const auto& keys = resource.configuration_keys;
  return !keys || keys->empty() || std::ranges::find(*keys, name) != keys->end();
}

void fill_configs(ConfigResult& result, const DescribedResource& resource,
                  const std::vector<NamedConfig>& configs, bool with_synonyms) {
  for (const NamedConfig& config : configs) {
    if (!is_asked_for(resource, config.name)) continue;
    auto& one = result.configs.emplace_back();
    one.name = config.name;
    one.value = config.value;
    one.read_only = config.is_read_only;
    one.config_source = config.is_default ? kDefaultOfBroker : kGivenForTopic;
    one.config_type = static_cast<int8_t>(config.type);
    one.documentation.reset();
    if (!with_synonyms) continue;
    if (!config.is_default)
      one.synonyms.push_back({std::string(config.name), config.value, kGivenForTopic});
    one.synonyms.push_back(
        {std::string(config.broker_name), config.default_value, kDefaultOfBroker});
  }
}

NamedConfig of_broker(std::string_view name, ConfigType type, std::string value) {
  return {name, name, type, value, value, true, true};
}

wire::Outcome check_resource(const DescribedResource& resource) {
  const auto type = static_cast<ConfigResource>(resource.resource_type);
  if (type == ConfigResource::broker) return check_broker_name(resource.resource_name);
  if (type != ConfigResource::topic)
    return {ErrorCode::invalid_request, "only topics and the broker have settings here"};
  if (!wire::is_topic_name(resource.resource_name))
    return {ErrorCode::invalid_topic, std::string(wire::kTopicNameRule)};
  return {};
}

}  // namespace

wire::Outcome check_broker_name(const std::string& name) {
  const std::string own = std::to_string(KafkaCluster::kNodeId);
  if (name.empty() || name == own) return {};
  return {ErrorCode::invalid_request,
          fmt::format("the broker here has number {}, not '{}'", own, name)};
}

std::vector<NamedConfig> broker_configs(const KafkaContext& context) {
  const KafkaCluster& cluster = *context.cluster;
  const BrokerOptions& options = context.broker->options();
  const auto number = [](std::string_view name, int64_t value) {
    return of_broker(name, ConfigType::int32, std::to_string(value));
  };
  constexpr int64_t kMinuteMs = 60'000;
  std::vector<NamedConfig> all = {
      of_broker("auto.create.topics.enable", ConfigType::boolean,
                cluster.creates_topics ? "true" : "false"),
      number("broker.id", KafkaCluster::kNodeId),
      number("default.replication.factor", 1),
      of_broker("delete.topic.enable", ConfigType::boolean, "true"),
      number("fetch.max.bytes", options.fetch.max_bytes),
      number("group.initial.rebalance.delay.ms", options.groups.initial_rebalance_delay_ms),
      number("group.max.session.timeout.ms", options.groups.max_session_timeout_ms),
      number("group.max.size", options.groups.max_members_per_group),
      number("group.min.session.timeout.ms", options.groups.min_session_timeout_ms),
      number("node.id", KafkaCluster::kNodeId),
      number("num.partitions", cluster.new_topic_partitions),
      number("offsets.retention.minutes", options.groups.offsets_retention_ms / kMinuteMs),
  };
  // What a topic has that was made without settings.
  for (const NamedConfig& one : configs_of({}))
    all.push_back(of_broker(one.broker_name, one.type, one.default_value));
  std::ranges::sort(all, {}, &NamedConfig::name);
  return all;
}

void serve(KafkaContext context, KafkaCall call, const kafka::DescribeConfigsRequest& request) {
  const auto collector = Collector<kafka::DescribeConfigsResponse>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  collector->state.results.resize(request.resources.size());
  const bool with_synonyms = request.include_synonyms;
  for (size_t i = 0; i < request.resources.size(); ++i) {
    const auto& resource = request.resources[i];
    ConfigResult& result = collector->state.results[i];
    result.resource_type = resource.resource_type;
    result.resource_name = resource.resource_name;
    const wire::Outcome bad = check_resource(resource);
    result.error_code = kafka_error(bad.code);
    result.error_message = kafka_message(bad);
    if (bad.code != ErrorCode::none) continue;
    if (resource.resource_type == static_cast<int8_t>(ConfigResource::broker)) {
      // Those of all brokers together would be the ones that were changed while they ran.
      if (!resource.resource_name.empty())
        fill_configs(result, resource, broker_configs(context), with_synonyms);
      continue;
    }
    collector->begin();
    context.ask(call, wire::MetadataRequest{{resource.resource_name}},
                [collector, i, resource, with_synonyms](const wire::MetadataReply& reply, auto) {
                  ConfigResult& into = collector->state.results[i];
                  const wire::TopicMetadata& topic = reply.topics.at(0);
                  into.error_code = kafka_error(topic.outcome.code);
                  into.error_message = kafka_message(topic.outcome);
                  if (topic.outcome.code == ErrorCode::none)
                    fill_configs(into, resource, configs_of(topic.config), with_synonyms);
                  collector->finish();
                });
  }
  collector->finish();
}

/// Version 0 knows resources of one kind alone, of which there are none here.
void serve(KafkaContext context, KafkaCall call, const kafka::ListConfigResourcesRequest& request) {
  constexpr int16_t kHasTypes = 1;
  kafka::ListConfigResourcesResponse response;
  if (call.version() < kHasTypes) return call.respond(response);
  const auto& types = request.resource_types;
  const auto is_wanted = [&](ConfigResource type) {
    return types.empty() || std::ranges::find(types, static_cast<int8_t>(type)) != types.end();
  };
  for (const auto type : {ConfigResource::broker, ConfigResource::broker_logger}) {
    if (is_wanted(type))
      response.config_resources.push_back(
          {std::to_string(KafkaCluster::kNodeId), static_cast<int8_t>(type)});
  }
  if (!is_wanted(ConfigResource::topic)) return call.respond(response);
  context.ask(call, wire::MetadataRequest{},
              [call, response = std::move(response)](const auto& reply, auto) mutable {
                for (const wire::TopicMetadata& topic : reply.topics)
                  response.config_resources.push_back(
                      {topic.name, static_cast<int8_t>(ConfigResource::topic)});
                call.respond(response);
              });
}

}  // namespace hailstorm::broker
