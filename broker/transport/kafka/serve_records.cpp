#include <algorithm>
#include <utility>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"

// Records, and offsets of groups, deleted.
namespace hailstorm::broker {
namespace {

// Kafka's error for an offset of a topic that members of the group read.
constexpr int16_t kGroupSubscribedToTopic = 86;

using OffsetDeleteResponse = kafka::OffsetDeleteResponse;

void respond_to_delete(const KafkaCall& call, const kafka::OffsetDeleteRequest& request,
                       int16_t error_code, int16_t of_each) {
  OffsetDeleteResponse response;
  response.error_code = error_code;
  if (error_code != 0) return call.respond(response);
  for (const auto& topic : request.topics) {
    auto& into = response.topics.emplace_back();
    into.name = topic.name;
    for (const auto& partition : topic.partitions)
      into.partitions.push_back({partition.partition_index, of_each});
  }
  call.respond(response);
}

}  // namespace

void serve(KafkaContext context, KafkaCall call, const kafka::DeleteRecordsRequest& request) {
  const auto collector = Collector<kafka::DeleteRecordsResponse>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  auto& topics = collector->state.topics;
  topics.resize(request.topics.size());
  for (size_t t = 0; t < topics.size(); ++t) {
    topics[t].name = request.topics[t].name;
    topics[t].partitions.resize(request.topics[t].partitions.size());
    for (size_t p = 0; p < topics[t].partitions.size(); ++p) {
      const auto& wanted = request.topics[t].partitions[p];
      topics[t].partitions[p].partition_index = wanted.partition_index;
      collector->begin();
      context.ask(
          call, wire::DeleteRecordsRequest{{topics[t].name, wanted.partition_index}, wanted.offset},
          [collector, t, p](const wire::DeleteRecordsReply& reply, auto) {
            auto& into = collector->state.topics[t].partitions[p];
            into.error_code = kafka_error(reply.outcome.code);
            into.low_watermark = reply.log_start_offset;
            collector->finish();
          });
    }
  }
  collector->finish();
}

/// Only of a group without members: what those read is not known of the classic protocol.
void serve(KafkaContext context, KafkaCall call, const kafka::OffsetDeleteRequest& request) {
  context.ask(call, wire::DescribeGroupRequest{request.group_id},
              [context, call, request](const wire::DescribeGroupReply& found, auto) {
                if (found.outcome.code != ErrorCode::none)
                  return respond_to_delete(call, request, kafka_group_error(found.outcome), 0);
                if (found.summary.member_count > 0)
                  return respond_to_delete(call, request, 0, kGroupSubscribedToTopic);
                wire::OffsetCommitRequest commit;
                commit.group = request.group_id;
                for (const auto& topic : request.topics) {
                  for (const auto& partition : topic.partitions)
                    commit.offsets.push_back({{topic.name, partition.partition_index}, -1, -1, ""});
                }
                context.ask(call, std::move(commit), [call, request](const auto& reply, auto) {
                  respond_to_delete(call, request, kafka_group_error(reply.outcome), 0);
                });
              });
}

}  // namespace hailstorm::broker
