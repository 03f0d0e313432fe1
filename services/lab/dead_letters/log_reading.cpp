#include "services/lab/dead_letters/log_reading.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "common/base/clock.h"

namespace hailstorm::lab {
namespace {

constexpr int kPollMs = 200;

/// What is still to be read.
using Ends = std::map<log::TopicPartition, int64_t>;

bool is_passing(const Error& error) { return error.is(log::LogErrc::unavailable); }

Error too_slow(int timeout_ms) {
  return {log::LogErrc::unavailable,
          fmt::format("the log did not give the records within {} ms", timeout_ms)};
}

}  // namespace

Result<std::vector<Stretch>> newest(log::Admin& admin, const std::vector<std::string>& topics,
                                    int64_t max_records) {
  std::vector<Stretch> stretches;
  for (const std::string& topic : topics) {
    const auto described = admin.describe_topics({topic});
    if (!described.ok() && described.error().is(log::LogErrc::unknown_topic)) continue;
    if (!described.ok()) return described.error();
    for (const auto& partition : described->at(0).partitions) {
      const int64_t end = partition.high_watermark;
      const int64_t begin = std::max(partition.log_start_offset, end - max_records);
      if (partition.is_closed || begin >= end) continue;
      stretches.push_back({{{topic, partition.partition}, begin, described->at(0).topic_id}, end});
    }
  }
  return stretches;
}

Status read_stretches(log::Engine& engine, const std::vector<Stretch>& stretches, int timeout_ms,
                      const std::function<void(const log::ConsumedRecord&)>& each) {
  Ends ends;
  std::vector<log::Position> begins;
  for (const Stretch& stretch : stretches) {
    if (stretch.begin.offset >= stretch.end_offset) continue;
    ends[stretch.begin.id] = stretch.end_offset;
    begins.push_back(stretch.begin);
  }
  const auto consumer = engine.make_consumer({});
  consumer->assign(std::move(begins));
  const SystemClock clock;
  const int64_t deadline_ms = clock.steady_ms() + timeout_ms;
  while (!ends.empty()) {
    const auto polled = consumer->poll(kPollMs);
    for (const auto& closed : consumer->closed_partitions()) ends.erase(closed.id);
    if (!polled.ok() && !is_passing(polled.error())) return polled.error();
    if (polled.ok()) {
      for (const auto& record : *polled) {
        const auto end = ends.find({record.topic, record.partition});
        if (end == ends.end()) continue;
        if (record.offset < end->second) each(record);
        if (record.next_offset() >= end->second) ends.erase(end);
      }
    }
    if (!ends.empty() && clock.steady_ms() > deadline_ms) return too_slow(timeout_ms);
  }
  return {};
}

Result<std::optional<log::ConsumedRecord>> record_at(log::Engine& engine,
                                                     const log::TopicPartition& id, int64_t offset,
                                                     int timeout_ms) {
  std::optional<log::ConsumedRecord> found;
  const auto admin = engine.make_admin(timeout_ms);
  const auto described = admin->describe_topics({id.topic});
  if (!described.ok() && described.error().is(log::LogErrc::unknown_topic)) return found;
  if (!described.ok()) return described.error();
  for (const auto& partition : described->at(0).partitions) {
    if (partition.partition != id.partition || offset < partition.log_start_offset ||
        offset >= partition.high_watermark)
      continue;
    const Stretch stretch{{id, offset, described->at(0).topic_id}, offset + 1};
    HAIL_RETURN_IF_ERROR(
        read_stretches(engine, {stretch}, timeout_ms, [&](const auto& one) { found = one; }));
  }
  return found;
}

}  // namespace hailstorm::lab
