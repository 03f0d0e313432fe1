#include <utility>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"

namespace hailstorm::broker {
namespace {

// What a timestamp may mean besides a time; -1 and -2 are ours, too.
constexpr int64_t kMaxTimestampRecord = -3;
constexpr int64_t kEarliestLocal = -4;
constexpr int64_t kLatestTiered = -5;
constexpr int64_t kEarliestPendingUpload = -6;

/// All that is stored is local: nothing is tiered, or waits for that.
bool is_about_tiers(int64_t timestamp) {
  return timestamp == kLatestTiered || timestamp == kEarliestPendingUpload;
}

wire::Outcome check_partition(const kafka::ListOffsetsRequest::Partition& partition) {
  if (partition.current_leader_epoch > 0)
    return {ErrorCode::unknown_leader_epoch, "the leader's epoch is 0"};
  if (partition.timestamp < kEarliestPendingUpload)
    return {ErrorCode::invalid_request, "no such kind of timestamp"};
  return {};
}

void fill(kafka::ListOffsetsResponse::PartitionResponse& into, const wire::ListedOffset& listed,
          int64_t asked) {
  into.error_code = kafka_error(listed.outcome.code);
  const bool is_time = asked >= 0 || asked == kMaxTimestampRecord;
  // Where no record is that young, Kafka gives no offset.
  if (listed.outcome.code != ErrorCode::none || (is_time && listed.timestamp_ms < 0)) return;
  into.offset = listed.offset;
  into.timestamp = is_time ? listed.timestamp_ms : -1;
  into.leader_epoch = 0;
}

}  // namespace

void serve(KafkaContext context, KafkaCall call, const kafka::ListOffsetsRequest& request) {
  const auto collector = Collector<kafka::ListOffsetsResponse>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  auto& topics = collector->state.topics;
  topics.resize(request.topics.size());
  for (size_t t = 0; t < topics.size(); ++t) {
    topics[t].name = request.topics[t].name;
    topics[t].partitions.resize(request.topics[t].partitions.size());
    for (size_t p = 0; p < topics[t].partitions.size(); ++p) {
      const auto& wanted = request.topics[t].partitions[p];
      auto& into = topics[t].partitions[p];
      into.partition_index = wanted.partition_index;
      const wire::Outcome bad = check_partition(wanted);
      into.error_code = kafka_error(bad.code);
      if (bad.code != ErrorCode::none) continue;
      collector->begin();
      const int64_t asked = wanted.timestamp;
      wire::ListOffsetsRequest list{{{topics[t].name, wanted.partition_index}}, asked};
      if (asked == kEarliestLocal || is_about_tiers(asked)) list.timestamp_ms = wire::kEarliest;
      context.ask(call, std::move(list), [collector, t, p, asked](const auto& reply, auto) {
        auto& found = collector->state.topics[t].partitions[p];
        if (!is_about_tiers(asked) || reply.offsets.at(0).outcome.code != ErrorCode::none)
          fill(found, reply.offsets.at(0), asked);
        collector->finish();
      });
    }
  }
  collector->finish();
}

}  // namespace hailstorm::broker
