#include <map>
#include <string>
#include <utility>

#include "broker/api/topic_configs.h"
#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"
#include "common/wire/topic_name.h"

namespace hailstorm::broker {
namespace {

// Kafka's numbers for where a setting comes from.
constexpr int8_t kDynamicTopicConfig = 1;
constexpr int8_t kDefaultConfig = 5;

using CreatableTopic = kafka::CreateTopicsRequest::CreatableTopic;
using TopicResult = kafka::CreateTopicsResponse::CreatableTopicResult;

/// How many partitions are wanted; an error: replicas that there cannot be.
wire::Outcome take_partitions(const KafkaContext& context, const CreatableTopic& topic,
                              int32_t& partitions) {
  partitions =
      topic.num_partitions == -1 ? context.cluster->new_topic_partitions : topic.num_partitions;
  if (topic.assignments.empty()) {
    if (topic.replication_factor == -1 || topic.replication_factor == 1) return {};
    return {ErrorCode::invalid_replication_factor,
            "there is one broker: the replication factor can only be 1"};
  }
  partitions = static_cast<int32_t>(topic.assignments.size());
  for (const auto& assignment : topic.assignments) {
    if (assignment.broker_ids == std::vector{KafkaCluster::kNodeId}) continue;
    return {ErrorCode::invalid_replica_assignment,
            "there is one broker: each partition has one replica, on that"};
  }
  return {};
}

wire::Outcome translate_topic(const KafkaContext& context, const CreatableTopic& topic,
                              wire::CreateTopicRequest& create) {
  create.name = topic.name;
  wire::Outcome bad = take_partitions(context, topic, create.config.partitions);
  for (const auto& config : topic.configs) {
    if (bad.code != ErrorCode::none) return bad;
    bad = set_config(create.config, config.name, config.value);
  }
  if (bad.code == ErrorCode::none && !wire::is_topic_name(topic.name))
    return {ErrorCode::invalid_topic, std::string(wire::kTopicNameRule)};
  return bad;
}

void fill(TopicResult& result, const wire::TopicConfig& config) {
  result.num_partitions = config.partitions;
  result.replication_factor = 1;
  for (const NamedConfig& one : configs_of(config)) {
    result.configs->push_back({std::string(one.name), one.value, one.is_read_only,
                               one.is_default ? kDefaultConfig : kDynamicTopicConfig, false});
  }
}

void refuse_topic(TopicResult& result, const wire::Outcome& why) {
  result.error_code = kafka_error(why.code);
  result.error_message = kafka_message(why);
}

wire::Outcome exists_already(const std::string& name) {
  return {ErrorCode::topic_already_exists, "topic '" + name + "' exists already"};
}

}  // namespace

void serve(KafkaContext context, KafkaCall call, const kafka::CreateTopicsRequest& request) {
  const auto collector = Collector<kafka::CreateTopicsResponse>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  std::map<std::string, int> times;
  for (const auto& topic : request.topics) ++times[topic.name];
  collector->state.topics.resize(request.topics.size());
  for (size_t i = 0; i < request.topics.size(); ++i) {
    const auto& topic = request.topics[i];
    TopicResult& result = collector->state.topics[i];
    result.name = topic.name;
    result.error_message.reset();
    wire::CreateTopicRequest create;
    wire::Outcome bad = translate_topic(context, topic, create);
    if (times[topic.name] > 1)
      bad = {ErrorCode::invalid_request, "the request names this topic more than once"};
    if (bad.code != ErrorCode::none) {
      refuse_topic(result, bad);
      continue;
    }
    collector->begin();
    if (request.validate_only) {
      context.ask(call, wire::MetadataRequest{{topic.name}},
                  [collector, i, config = create.config](const auto& reply, auto) {
                    TopicResult& into = collector->state.topics[i];
                    const auto& found = reply.topics.at(0);
                    if (found.outcome.code == ErrorCode::none) {
                      refuse_topic(into, exists_already(found.name));
                    } else {
                      fill(into, config);
                    }
                    collector->finish();
                  });
      continue;
    }
    context.ask(call, create, [collector, i, config = create.config](const auto& reply, auto) {
      TopicResult& into = collector->state.topics[i];
      refuse_topic(into, reply.outcome);
      into.topic_id = reply.topic_id;
      if (reply.outcome.code == ErrorCode::none) fill(into, config);
      collector->finish();
    });
  }
  collector->finish();
}

void serve(KafkaContext context, KafkaCall call, const kafka::DeleteTopicsRequest& request) {
  const auto collector = Collector<kafka::DeleteTopicsResponse>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  auto& responses = collector->state.responses;
  for (const std::string& name : request.topic_names) responses.emplace_back().name = name;
  for (const auto& topic : request.topics) {
    auto& into = responses.emplace_back();
    into.name = topic.name;
    into.topic_id = topic.topic_id;
    if (topic.topic_id.is_zero()) continue;
    const std::string name = context.broker->topic_name(topic.topic_id);
    if (!name.empty()) into.name = name;
  }
  for (size_t i = 0; i < responses.size(); ++i) {
    if (!responses[i].name) {
      responses[i].error_code = kafka_error(ErrorCode::unknown_topic_id);
      continue;
    }
    collector->begin();
    context.ask(call, wire::DeleteTopicRequest{*responses[i].name},
                [collector, i](const auto& reply, auto) {
                  auto& into = collector->state.responses[i];
                  into.error_code = kafka_error(reply.outcome.code);
                  into.error_message = kafka_message(reply.outcome);
                  collector->finish();
                });
  }
  collector->finish();
}

}  // namespace hailstorm::broker
