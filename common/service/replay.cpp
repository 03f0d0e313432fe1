#include "common/service/replay.h"

#include <array>
#include <fmt/format.h>
#include <optional>

#include "common/base/number_text.h"
#include "common/events/events.h"

namespace hailstorm::service {
namespace {

constexpr std::array<std::string_view, 7> kReplayHeaders = {
    "replay_group",        "replay_topic",    "replay_partition", "replay_offset",
    "replay_timestamp_ms", "replay_attempts", "replay_letter"};

/// The values of the headers above, which are the last ones.
std::optional<std::array<std::string, kReplayHeaders.size()>> said_by(const log::Headers& headers) {
  if (headers.size() < kReplayHeaders.size()) return std::nullopt;
  std::array<std::string, kReplayHeaders.size()> values;
  for (size_t i = 0; i < values.size(); ++i) {
    const auto& [name, value] = headers[headers.size() - values.size() + i];
    if (name != kReplayHeaders.at(i) || !value) return std::nullopt;
    values.at(i) = *value;
  }
  return values;
}

}  // namespace

log::Record to_record(const Replay& replay) {
  const log::ConsumedRecord& original = replay.original;
  log::Record record;
  record.key = original.key;
  record.value = original.value;
  record.headers = original.headers;
  const std::array<std::string, kReplayHeaders.size()> values = {
      replay.group,
      original.topic,
      std::to_string(original.partition),
      std::to_string(original.offset),
      std::to_string(original.timestamp_ms),
      std::to_string(replay.attempts),
      replay.letter};
  for (size_t i = 0; i < values.size(); ++i) {
    record.headers.emplace_back(std::string(kReplayHeaders.at(i)), values.at(i));
  }
  return record;
}

Result<Replay> read_replay(const log::ConsumedRecord& record) {
  const auto said = said_by(record.headers);
  const auto number = [&](size_t i) { return said ? whole_number(said->at(i)) : std::nullopt; };
  const auto partition = number(2);
  const auto offset = number(3);
  const auto timestamp_ms = number(4);
  const auto attempts = number(5);
  if (!partition || !offset || !timestamp_ms || !attempts) {
    return Error(
        events::EventErrc::bad_field,
        fmt::format("a record of {} must end with the headers of a replay", events::kReplayTopic));
  }
  Replay replay;
  replay.group = said->at(0);
  replay.attempts = *attempts;
  replay.letter = said->at(6);
  replay.original = record;
  replay.original.topic = said->at(1);
  replay.original.partition = static_cast<int32_t>(*partition);
  replay.original.offset = *offset;
  replay.original.timestamp_ms = *timestamp_ms;
  replay.original.topic_id = {};
  replay.original.headers.resize(record.headers.size() - kReplayHeaders.size());
  return replay;
}

std::vector<std::string> topics_read_by(const Reactor& reactor) {
  auto topics = reactor.topics();
  topics.emplace_back(events::kReplayTopic);
  return topics;
}

}  // namespace hailstorm::service
