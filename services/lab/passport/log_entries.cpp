#include "services/lab/passport/log_entries.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <vector>

#include "common/events/events.h"
#include "common/service/replay.h"
#include "common/wire/partitioner.h"
#include "services/lab/dead_letters/letters.h"
#include "services/lab/dead_letters/log_reading.h"

namespace hailstorm::lab {
namespace {

constexpr int kTimeoutMs = 10'000;

std::string text_in(const log::ConsumedRecord& record, std::string_view header) {
  return header_of(record, header).value_or("");
}

std::string place_of(const log::ConsumedRecord& record) {
  return fmt::format("{}-{}@{}", record.topic, record.partition, record.offset);
}

/// The partitions that may have records of this rider.
Result<std::vector<log::TopicPartition>> partitions_for(log::Admin& admin,
                                                        const std::string& rider) {
  auto topics = events::all_types();
  topics.emplace_back(events::kDeadLetterTopic);
  topics.emplace_back(events::kReplayTopic);
  std::vector<log::TopicPartition> ids;
  for (const auto& topic : topics) {
    const auto described = admin.describe_topics({topic});
    if (!described.ok() && described.error().is(log::LogErrc::unknown_topic)) continue;
    if (!described.ok()) return described.error();
    const auto count = static_cast<int32_t>(described->at(0).partitions.size());
    ids.push_back({topic, wire::partition_for_key(rider, count)});
  }
  return ids;
}

Result<std::vector<Stretch>> stretches_for(log::Admin& admin, int64_t since_ms,
                                           Passport& passport) {
  HAIL_ASSIGN_OR_RETURN(const auto ids, partitions_for(admin, passport.rider_id));
  HAIL_ASSIGN_OR_RETURN(const auto begins, admin.offsets_at(ids, since_ms));
  HAIL_ASSIGN_OR_RETURN(const auto ends, admin.offsets_at(ids, log::kLatest));
  std::vector<Stretch> stretches;
  for (const auto& begin : begins.positions) {
    const auto end = std::find_if(ends.positions.begin(), ends.positions.end(),
                                  [&](const auto& one) { return one.id == begin.id; });
    if (end == ends.positions.end()) continue;
    const int64_t last = std::min(end->offset, begin.offset + kMostRecordsLookedAt);
    if (last < end->offset) {
      passport.notes.push_back(
          fmt::format("of {}-{} only the first {} records since the ride were "
                      "looked at",
                      begin.id.topic, begin.id.partition, kMostRecordsLookedAt));
    }
    stretches.push_back({begin, last});
  }
  return stretches;
}

PassportEntry entry_of(const log::ConsumedRecord& record) {
  PassportEntry entry{record.timestamp_ms, "log",        "log",
                      "appended",          record.topic, place_of(record)};
  entry.more = {{"topic", record.topic},
                {"partition", record.partition},
                {"offset", record.offset},
                {"source", text_in(record, "ce_source")}};
  if (const auto letter = letter_of(record); letter && record.topic == events::kDeadLetterTopic) {
    entry.what = "dead letter";
    entry.event = letter->topic;
    entry.detail = fmt::format("{}: {} refused {}: {}", text_of(letter->id), letter->group,
                               letter->place(), letter->error);
    entry.more.add("group", letter->group);
    entry.more.add("attempts", letter->attempts);
  }
  if (record.topic != events::kReplayTopic) return entry;
  if (const auto replay = service::read_replay(record); replay.ok()) {
    entry.what = "replayed";
    entry.event = replay->original.topic;
    entry.detail = fmt::format("{} for {}", place_of(record), replay->group);
    entry.more.add("group", replay->group);
  }
  return entry;
}

}  // namespace

Status add_log_entries(log::Engine& engine, int64_t since_ms, Passport& passport) {
  const auto admin = engine.make_admin(kTimeoutMs);
  HAIL_ASSIGN_OR_RETURN(const auto stretches, stretches_for(*admin, since_ms, passport));
  const std::string prefix = passport.ride_id + "/";
  return read_stretches(engine, stretches, kTimeoutMs, [&](const log::ConsumedRecord& record) {
    if (!text_in(record, "ce_id").starts_with(prefix)) return;
    passport.entries.push_back(entry_of(record));
    if (passport.traceparent.empty()) passport.traceparent = text_in(record, "traceparent");
  });
}

}  // namespace hailstorm::lab
