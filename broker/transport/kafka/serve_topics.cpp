#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

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
  if (topic.num_partitions != -1 || topic.replication_factor != -1)
    return {ErrorCode::invalid_request,
            "where partitions are assigned, their number and that of replicas must be -1"};
  partitions = static_cast<int32_t>(topic.assignments.size());
  std::set<int32_t> assigned;
  for (const auto& assignment : topic.assignments) {
    assigned.insert(assignment.partition_index);
    if (assignment.broker_ids == std::vector{KafkaCluster::kNodeId}) continue;
    return {ErrorCode::invalid_replica_assignment,
            "there is one broker: each partition has one replica, on that"};
  }
  const bool are_all = *assigned.begin() == 0 && *assigned.rbegin() == partitions - 1 &&
                       assigned.size() == topic.assignments.size();
  if (are_all) return {};
  return {ErrorCode::invalid_replica_assignment,
          "partitions are numbered from 0 on, and each is assigned once"};
}

wire::Outcome translate_topic(const KafkaContext& context, const CreatableTopic& topic,
                              wire::CreateTopicRequest& create) {
  create.name = topic.name;
  wire::Outcome bad = take_partitions(context, topic, create.config.partitions);
  for (const auto& config : topic.configs) {
    if (bad.code != ErrorCode::none) return bad;
    if (!config.value) return {ErrorCode::invalid_config, config.name + " has no value"};
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

/// A topic and how many times the request names it: it is answered once.
struct Named {
  const CreatableTopic* topic;
  int times;
};
std::vector<Named> by_name(const kafka::CreateTopicsRequest& request) {
  std::vector<Named> named;
  std::map<std::string, size_t> places;
  for (const auto& topic : request.topics) {
    const auto [place, is_new] = places.emplace(topic.name, named.size());
    if (is_new) named.push_back({&topic, 0});
    ++named[place->second].times;
  }
  return named;
}

wire::Outcome exists_already(const std::string& name) {
  return {ErrorCode::topic_already_exists, "topic '" + name + "' exists already"};
}

/// `times`: how many times the request names each topic.
wire::Outcome check_deletion(const kafka::DeleteTopicsResponse::DeletableTopicResult& topic,
                             std::map<std::string, int>& times) {
  if (topic.name && times[*topic.name] > 1)
    return {ErrorCode::invalid_request, "the request names this topic more than once"};
  if (topic.name) return {};
  if (topic.topic_id.is_zero()) return {ErrorCode::invalid_request, "a topic has a name or an id"};
  return {ErrorCode::unknown_topic_id, "there is no topic with this id"};
}

}  // namespace

void serve(KafkaContext context, KafkaCall call, const kafka::CreateTopicsRequest& request) {
  const auto collector = Collector<kafka::CreateTopicsResponse>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  const std::vector<Named> named = by_name(request);
  collector->state.topics.resize(named.size());
  for (size_t i = 0; i < named.size(); ++i) {
    const auto& topic = *named[i].topic;
    TopicResult& result = collector->state.topics[i];
    result.name = topic.name;
    result.error_message.reset();
    wire::CreateTopicRequest create;
    wire::Outcome bad = translate_topic(context, topic, create);
    if (named[i].times > 1)
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
  std::map<std::string, int> times;
  std::erase_if(responses, [&](const auto& one) { return one.name && ++times[*one.name] > 1; });
  for (size_t i = 0; i < responses.size(); ++i) {
    const wire::Outcome bad = check_deletion(responses[i], times);
    if (bad.code != ErrorCode::none) {
      responses[i].error_code = kafka_error(bad.code);
      responses[i].error_message = kafka_message(bad);
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
