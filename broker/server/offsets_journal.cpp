#include "broker/server/offsets_journal.h"

#include <utility>

#include "common/wire/record_batch.h"

namespace hailstorm::broker {
namespace {

using storage::StorageErrc;

constexpr int64_t kReplayReadBytes = 1 << 20;

wire::TopicConfig offsets_config() {
  wire::TopicConfig config;
  config.partitions = 1;  // one partition: the commits of all groups share each fdatasync
  config.segment_bytes = 16 << 20;
  config.max_batch_bytes = 16 << 20;
  config.compact = true;
  return config;
}

}  // namespace

int32_t offsets_partition(const std::string& group, int32_t partitions) {
  uint32_t hash = 0;
  for (const char c : group) hash = hash * 31 + static_cast<uint8_t>(c);
  return static_cast<int32_t>(hash & 0x7fffffff) % partitions;
}

Status OffsetsJournal::ensure_topic() {
  if (topics_.find(kOffsetsTopic) != nullptr) return {};
  return topics_.create(kOffsetsTopic, offsets_config());
}

Status OffsetsJournal::replay_into(groups::Coordinator& coordinator) {
  HAIL_RETURN_IF_ERROR(ensure_topic());
  for (const auto& partition : topics_.find(kOffsetsTopic)->partitions) {
    if (partition.log == nullptr) {
      if (partition.open_error) return *partition.open_error;
      return Error(StorageErrc::corrupt, std::string(kOffsetsTopic) + " is not open");
    }
    HAIL_RETURN_IF_ERROR(replay_partition(*partition.log, coordinator));
  }
  return {};
}

Status replay_partition(storage::PartitionLog& log, groups::Coordinator& coordinator) {
  int64_t offset = log.log_start_offset();
  while (offset < log.high_watermark()) {
    HAIL_ASSIGN_OR_RETURN(const storage::StoredBytes stored, log.read(offset, kReplayReadBytes));
    Bytes rest = stored.bytes;
    if (rest.empty())
      return Error(StorageErrc::corrupt, "a log gave no bytes below its high watermark");
    while (!rest.empty()) {
      HAIL_ASSIGN_OR_RETURN(const auto batch, wire::RecordBatchView::parse(rest));
      wire::RecordReader reader(batch);
      wire::RecordView record;
      while (true) {
        HAIL_ASSIGN_OR_RETURN(const bool more, reader.next(record));
        if (!more) break;
        const auto value =
            record.value ? std::optional<std::string_view>(*record.value) : std::nullopt;
        HAIL_RETURN_IF_ERROR(coordinator.replay(record.key.value_or(""), value));
      }
      offset = batch.last_offset() + 1;
      rest = rest.subspan(batch.size_bytes());
    }
  }
  return {};
}

Status OffsetsJournal::append(const std::string& group, std::vector<Entry> entries,
                              std::function<void(const Status&)> durable) {
  const storage::Topic* topic = topics_.find(kOffsetsTopic);
  if (topic == nullptr) return Error(StorageErrc::not_found, "__consumer_offsets is not there yet");
  const auto partitions = static_cast<int32_t>(topic->partitions.size());
  const wire::TopicPartition id{kOffsetsTopic, offsets_partition(group, partitions)};
  storage::PartitionLog* log = topics_.log(id);
  if (log == nullptr) return Error(StorageErrc::stopped, "__consumer_offsets is damaged");

  wire::RecordBatchBuilder builder;
  for (const Entry& entry : entries) {
    builder.append(clock_.wall_ms(), entry.key,
                   entry.value ? std::optional<std::string_view>(*entry.value) : std::nullopt);
  }
  std::vector<uint8_t> batch = builder.finish();
  const auto appended = log->append(batch);
  if (!appended.ok()) {
    if (!appended.error().is(StorageErrc::no_space)) return appended.error();
    return Error(wire::ErrorCode::disk_full, appended.error().message());
  }
  commits_.appended(id, appended->last_offset, std::move(durable));
  return {};
}

}  // namespace hailstorm::broker
