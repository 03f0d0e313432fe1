#include <map>
#include <utility>
#include <vector>

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

/// In which version it came to mean something.
bool is_known(int64_t timestamp, int16_t version) {
  switch (timestamp) {
    case kMaxTimestampRecord:
      return version >= 7;
    case kEarliestLocal:
      return version >= 8;
    case kLatestTiered:
      return version >= 9;
    case kEarliestPendingUpload:
      return version >= 11;
    default:
      return timestamp > kMaxTimestampRecord;
  }
}

wire::Outcome check_partition(const kafka::ListOffsetsRequest::Partition& partition,
                              int16_t version) {
  if (partition.current_leader_epoch > 0)
    return {ErrorCode::unknown_leader_epoch, "the leader's epoch is 0"};
  if (!is_known(partition.timestamp, version))
    return {ErrorCode::unsupported_version, "no such kind of timestamp"};
  return {};
}

/// A partition that is named several times is refused, and answered once.
std::vector<std::pair<kafka::ListOffsetsRequest::Partition, int>> each_once(
    const std::vector<kafka::ListOffsetsRequest::Partition>& partitions) {
  std::vector<std::pair<kafka::ListOffsetsRequest::Partition, int>> once;
  std::map<int32_t, size_t> places;
  for (const auto& partition : partitions) {
    const auto [place, is_new] = places.emplace(partition.partition_index, once.size());
    if (is_new) once.emplace_back(partition, 0);
    ++once[place->second].second;
  }
  return once;
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
    const auto asked_for = each_once(request.topics[t].partitions);
    topics[t].partitions.resize(asked_for.size());
    for (size_t p = 0; p < topics[t].partitions.size(); ++p) {
      const auto& [wanted, times] = asked_for[p];
      auto& into = topics[t].partitions[p];
      into.partition_index = wanted.partition_index;
      wire::Outcome bad = check_partition(wanted, call.version());
      if (times > 1) bad.code = ErrorCode::invalid_request;
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
