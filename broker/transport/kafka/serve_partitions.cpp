#include <map>
#include <string>
#include <utility>
#include <vector>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"

namespace hailstorm::broker {
namespace {

using Grown = kafka::CreatePartitionsRequest::Topic;
using Growing = Collector<kafka::CreatePartitionsResponse>;

/// `found`: the topic as it is.
wire::Outcome check_growth(const Grown& wanted, const wire::TopicMetadata& found) {
  if (found.outcome.code != ErrorCode::none) return found.outcome;
  const auto have = static_cast<int32_t>(found.partitions.size());
  if (wanted.count <= have)
    return {ErrorCode::invalid_partitions, "a topic gets more partitions, never fewer"};
  if (!wanted.assignments) return {};
  bool is_ours = std::cmp_equal(wanted.assignments->size(), wanted.count - have);
  for (const auto& assignment : *wanted.assignments)
    is_ours = is_ours && assignment.broker_ids == std::vector{KafkaCluster::kNodeId};
  if (is_ours) return {};
  return {ErrorCode::invalid_replica_assignment,
          "each new partition is assigned, and to the one broker"};
}

void fill(kafka::CreatePartitionsResponse::TopicResult& into, const wire::Outcome& outcome) {
  into.error_code = kafka_error(outcome.code);
  into.error_message = kafka_message(outcome);
}

void grow(const KafkaContext& context, const std::shared_ptr<Growing>& collector, size_t i,
          const Grown& wanted) {
  context.ask(collector->call, wire::CreatePartitionsRequest{wanted.name, wanted.count},
              [collector, i](const auto& reply, auto) {
                fill(collector->state.results[i], reply.outcome);
                collector->finish();
              });
}

}  // namespace

void serve(KafkaContext context, KafkaCall call, const kafka::CreatePartitionsRequest& request) {
  const auto collector = Growing::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  auto& results = collector->state.results;
  std::map<std::string, int> times;
  std::vector<Grown> topics;  // each once
  for (const auto& topic : request.topics) {
    if (++times[topic.name] == 1) topics.push_back(topic);
  }
  results.resize(topics.size());
  for (size_t i = 0; i < topics.size(); ++i) {
    results[i].name = topics[i].name;
    if (times[topics[i].name] > 1) {
      fill(results[i], {ErrorCode::invalid_request, "the request names this topic more than once"});
      continue;
    }
    collector->begin();
    context.ask(call, wire::MetadataRequest{{topics[i].name}},
                [context, collector, i, wanted = topics[i], is_trial = request.validate_only](
                    const wire::MetadataReply& reply, auto) {
                  const wire::Outcome bad = check_growth(wanted, reply.topics.at(0));
                  if (bad.code == ErrorCode::none && !is_trial)
                    return grow(context, collector, i, wanted);
                  fill(collector->state.results[i], bad);
                  collector->finish();
                });
  }
  collector->finish();
}

}  // namespace hailstorm::broker
