#include <map>
#include <string>
#include <utility>
#include <vector>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"

// Requests of KIP-848's protocol: members of a group whose partitions the broker assigns.
namespace hailstorm::broker {
namespace {

// From this version on a member makes its own id.
constexpr int16_t kMakesOwnId = 1;
constexpr int8_t kConsumerMember = 1;

/// Here clients know a request that is refused as such.
int16_t consumer_group_error(const wire::Outcome& outcome) {
  return outcome.code == ErrorCode::invalid_request ? kafka_error(outcome.code)
                                                    : kafka_group_error(outcome);
}

/// By topic, in the order of their ids.
template <class Topic>
std::vector<Topic> by_topic_id(const std::vector<wire::TopicPartition>& partitions) {
  std::map<Uuid, Topic> topics;
  for (const auto& id : partitions) {
    Topic& topic = topics[id.topic_id];
    topic.topic_id = id.topic_id;
    if constexpr (requires { topic.topic_name; }) topic.topic_name = id.topic;
    topic.partitions.push_back(id.partition);
  }
  std::vector<Topic> listed;
  for (auto& [id, topic] : topics) listed.push_back(std::move(topic));
  return listed;
}

using Described = kafka::ConsumerGroupDescribeResponse;

void fill_group(Described::DescribedGroup& into, const groups::ConsumerDescribeReply& reply) {
  into.error_code = consumer_group_error(reply.outcome);
  into.error_message = kafka_message(reply.outcome);
  into.group_state = reply.state;
  into.group_epoch = reply.epoch;
  into.assignment_epoch = reply.epoch;  // a new epoch is assigned at once
  into.assignor_name = reply.assignor;
  for (const auto& member : reply.members) {
    auto& described = into.members.emplace_back();
    described.member_id = member.id;
    described.instance_id = none_if_empty(member.instance_id);
    described.rack_id = none_if_empty(member.details.rack_id);
    described.member_epoch = member.epoch;
    described.client_id = member.details.client_id;
    described.client_host = member.details.client_host;
    described.subscribed_topic_names = member.details.topics;
    described.subscribed_topic_regex = none_if_empty(member.details.topic_pattern);
    described.assignment.topic_partitions =
        by_topic_id<Described::TopicPartitions>(member.assigned);
    described.target_assignment.topic_partitions =
        by_topic_id<Described::TopicPartitions>(member.target);
    described.member_type = kConsumerMember;
  }
}

}  // namespace

void serve(KafkaContext context, KafkaCall call, kafka::ConsumerGroupHeartbeatRequest request) {
  groups::ConsumerHeartbeatRequest heartbeat;
  heartbeat.group = std::move(request.group_id);
  heartbeat.member_id = std::move(request.member_id);
  heartbeat.member_epoch = request.member_epoch;
  heartbeat.instance_id = std::move(request.instance_id);
  heartbeat.rack_id = std::move(request.rack_id);
  heartbeat.rebalance_timeout_ms = request.rebalance_timeout_ms;
  heartbeat.topics = std::move(request.subscribed_topic_names);
  heartbeat.topic_pattern = std::move(request.subscribed_topic_regex);
  heartbeat.assignor = std::move(request.server_assignor);
  if (request.topic_partitions) {
    auto& owned = heartbeat.owned.emplace();
    for (const auto& topic : *request.topic_partitions) {
      for (const int32_t partition : topic.partitions) owned.push_back({topic.topic_id, partition});
    }
  }
  heartbeat.client_id = call.client_id();
  heartbeat.client_host = "/" + call.sink().peer_host(call.session());
  heartbeat.makes_own_id = call.version() >= kMakesOwnId;
  context.ask(call, std::move(heartbeat), [call](const auto& reply, auto) {
    kafka::ConsumerGroupHeartbeatResponse response;
    response.error_code = consumer_group_error(reply.outcome);
    response.error_message = kafka_message(reply.outcome);
    response.member_id = none_if_empty(reply.member_id);
    response.member_epoch = reply.member_epoch;
    response.heartbeat_interval_ms = reply.heartbeat_interval_ms;
    if (reply.assignment) {
      response.assignment.emplace().topic_partitions =
          by_topic_id<kafka::ConsumerGroupHeartbeatResponse::TopicPartitions>(*reply.assignment);
    }
    call.respond(response);
  });
}

void serve(KafkaContext context, KafkaCall call,
           const kafka::ConsumerGroupDescribeRequest& request) {
  const auto collector = Collector<Described>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  collector->state.groups.resize(request.group_ids.size());
  for (size_t i = 0; i < request.group_ids.size(); ++i) {
    collector->state.groups[i].group_id = request.group_ids[i];
    collector->begin();
    context.ask(call, groups::ConsumerDescribeRequest{request.group_ids[i]},
                [collector, i](const auto& reply, auto) {
                  fill_group(collector->state.groups[i], reply);
                  collector->finish();
                });
  }
  collector->finish();
}

}  // namespace hailstorm::broker
