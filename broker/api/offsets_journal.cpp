#include "broker/api/offsets_journal.h"

#include <fmt/format.h>
#include <utility>

#include "broker/api/api_errors.h"
#include "common/base/logging.h"
#include "common/wire/limits.h"
#include "common/wire/record_batch.h"

namespace hailstorm::broker {
namespace {

using storage::StorageErrc;

constexpr int64_t kReplayReadBytes = 1 << 20;
constexpr size_t kSnapshotBatchBytes = 1 << 20;
constexpr int64_t kTryAgainMs = 60'000;

wire::TopicConfig offsets_config(int64_t segment_bytes) {
  wire::TopicConfig config;
  config.partitions = 1;  // one partition: the commits of all groups share each fdatasync
  config.segment_bytes = segment_bytes;
  config.max_batch_bytes = wire::kMostMaxBatchBytes;
  config.compact = true;
  return config;
}

/// What may pass has a code of the protocol, by which clients know it; other errors are the same.
Error named_for_clients(const Error& error) {
  if (!storage::may_pass(error)) return error;
  return Error(outcome_of(error).code, error.message());
}

std::string closed_partition(size_t number) {
  return fmt::format("{}-{} is closed", kOffsetsTopic, number);
}

}  // namespace

int32_t offsets_partition(const std::string& group, int32_t partitions) {
  uint32_t hash = 0;
  for (const char c : group) hash = hash * 31 + static_cast<uint8_t>(c);
  return static_cast<int32_t>(hash & 0x7fffffff) % partitions;
}

Status OffsetsJournal::ensure_topic() {
  if (topics_.find(kOffsetsTopic) != nullptr) return {};
  return topics_.create(kOffsetsTopic, offsets_config(segment_bytes_));
}

Status OffsetsJournal::replay_into(groups::Coordinator& coordinator) {
  HAIL_RETURN_IF_ERROR(ensure_topic());
  const auto& partitions = topics_.find(kOffsetsTopic)->partitions;
  for (size_t i = 0; i < partitions.size(); ++i) {
    const auto& [log, open_error] = partitions[i];
    Status replayed = log != nullptr ? replay_partition(*log, coordinator)
                      : open_error   ? Status(*open_error)
                                     : Error(StorageErrc::corrupt, "it is not open");
    if (!replayed.ok()) return std::move(replayed).error().in(closed_partition(i));
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
  if (log == nullptr)
    return Error(StorageErrc::stopped, closed_partition(static_cast<size_t>(id.partition)));

  auto appended = write(*log, entries);
  if (!appended.ok()) {
    if (storage::may_pass(appended.error())) return named_for_clients(appended.error());
    if (!log->failure()) return std::move(appended).error();
    return std::move(appended).error().in(closed_partition(static_cast<size_t>(id.partition)));
  }
  commits_.appended(id, appended->last_offset,
                    [durable = std::move(durable)](const Status& status) {
                      durable(status.ok() ? status : named_for_clients(status.error()));
                    });
  return {};
}

Status OffsetsJournal::sync() {
  for (const auto& partition : topics_.find(kOffsetsTopic)->partitions) {
    if (partition.log->needs_sync()) HAIL_RETURN_IF_ERROR(partition.log->sync());
  }
  return {};
}

Result<storage::Appended> OffsetsJournal::write(storage::PartitionLog& log,
                                                std::span<const Entry> entries) const {
  wire::RecordBatchBuilder builder;
  for (const Entry& entry : entries) {
    builder.append(clock_.wall_ms(), entry.key,
                   entry.value ? std::optional<std::string_view>(*entry.value) : std::nullopt);
  }
  std::vector<uint8_t> batch = builder.finish();
  return log.append(batch);
}

/// In batches, of which a reader may see some and not the others: each record stands for itself.
Result<storage::Appended> OffsetsJournal::write_all(storage::PartitionLog& log,
                                                    std::span<const Entry> entries) const {
  storage::Appended appended{log.log_end_offset(), log.log_end_offset() - 1, false};
  while (!entries.empty()) {
    size_t count = 0;
    for (size_t bytes = 0; count < entries.size() && bytes < kSnapshotBatchBytes; ++count) {
      bytes += entries[count].key.size() + entries[count].value.value_or("").size();
    }
    HAIL_ASSIGN_OR_RETURN(const auto written, write(log, entries.first(count)));
    appended.last_offset = written.last_offset;
    entries = entries.subspan(count);
  }
  return appended;
}

void OffsetsJournal::compact(const groups::Coordinator& coordinator) {
  const storage::Topic* topic = topics_.find(kOffsetsTopic);
  if (topic == nullptr) return;
  const auto partitions = static_cast<int32_t>(topic->partitions.size());
  for (int32_t i = 0; i < partitions; ++i) {
    storage::PartitionLog* log = topics_.log({kOffsetsTopic, i});
    const Compaction& last = compactions_[i];
    const int64_t limit = 2 * topic->config.segment_bytes + 2 * last.live_bytes;
    if (log == nullptr || last.is_under_way || log->size_bytes() < limit) continue;
    if (clock_.steady_ms() < last.not_before_ms) continue;
    compact({kOffsetsTopic, i}, *log, coordinator.snapshot([&](const std::string& group) {
      return offsets_partition(group, partitions) == i;
    }));
  }
}

void OffsetsJournal::compact(const wire::TopicPartition& id, storage::PartitionLog& log,
                             std::span<const Entry> live) {
  Compaction& compaction = compactions_[id.partition];
  const int64_t bytes_before = log.size_bytes();
  const auto written = write_all(log, live);
  if (!written.ok()) {
    // What was written says nothing new and does no harm, but a full disk should not get more.
    log_warn("the groups' topic cannot be compacted now", {written.error()});
    compaction.not_before_ms = clock_.steady_ms() + kTryAgainMs;
    return;
  }
  compaction = {true, log.size_bytes() - bytes_before, 0};
  commits_.appended(id, written->last_offset,
                    [this, id, from = written->base_offset](const Status& durable) {
                      if (durable.ok()) drop_superseded(id, from);
                    });
}

void OffsetsJournal::drop_superseded(const wire::TopicPartition& id, int64_t before_offset) {
  compactions_[id.partition].is_under_way = false;
  storage::PartitionLog* log = topics_.log(id);
  if (log == nullptr) return;
  const Status dropped = log->drop_before(before_offset);
  if (!dropped.ok()) log_warn("superseded offsets could not be dropped", {dropped.error()});
}

}  // namespace hailstorm::broker
