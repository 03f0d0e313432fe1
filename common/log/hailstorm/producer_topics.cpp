#include <fmt/format.h>
#include <utility>

#include "common/log/hailstorm/broker_errors.h"
#include "common/log/hailstorm/producer.h"
#include "common/wire/partitioner.h"

/// The part of HailstormProducer that learns about its topics.
namespace hailstorm::log::hail {

std::optional<int32_t> HailstormProducer::partition_of(const std::string& topic,
                                                       std::string_view key) {
  const std::lock_guard lock(mutex_);
  const int32_t count = accumulator_.partition_count(topic);
  if (count == 0) return std::nullopt;
  return wire::partition_for_key(key, count);
}

void HailstormProducer::take_metadata(const Reply& reply, int64_t now_ms) {
  const auto body = body_of<wire::MetadataReply>(reply);
  if (body.outcome.code != wire::ErrorCode::none) return directory_.retry(now_ms);
  const auto news = directory_.learn(body, now_ms);
  note_closed(body);
  for (const auto& known : news.known) take_topic(known, now_ms);
  for (const std::string& topic : news.gone) {
    give_up_topic(topic, fmt::format("topic '{}' does not exist; create it first", topic));
  }
}

void HailstormProducer::take_topic(const TopicDirectory::News::Known& known, int64_t now_ms) {
  {
    const std::lock_guard lock(mutex_);
    if (known.partition_count >= accumulator_.partition_count(known.topic)) {
      accumulator_.set_max_batch_bytes(known.topic, known.max_batch_bytes);
      accumulator_.set_partition_count(known.topic, known.partition_count, now_ms);
      return;
    }
  }
  // A topic never loses partitions.
  give_up_topic(known.topic,
                fmt::format("topic '{}' was deleted and made again with fewer partitions; "
                            "send the record again",
                            known.topic));
}

void HailstormProducer::give_up_topic(const std::string& topic, std::string why) {
  const Error error(LogErrc::unknown_topic, std::move(why));
  directory_.forget(topic);
  std::vector<Accumulator::Ready> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting = accumulator_.take_topic(topic);
  }
  for (auto& [id, lane] : lanes_) {
    if (id.topic == topic) settle(id, lane.take_all(error));
  }
  settle(std::move(waiting), error);
}

}  // namespace hailstorm::log::hail
