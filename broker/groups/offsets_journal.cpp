#include "broker/groups/offsets_journal.h"

#include <fmt/format.h>
#include <utility>

#include "common/base/logging.h"
#include "common/wire/limits.h"
#include "common/wire/record_batch.h"

namespace hailstorm::groups {
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
  config.cleanup = wire::CleanupPolicy::compaction;
  return config;
}

/// What may pass has a code of the protocol, by which clients know it; other errors are the same.
Error named_for_clients(const Error& error) {
  if (!storage::may_pass(error)) return error;
  const auto code = error.is(StorageErrc::no_space) ? wire::ErrorCode::disk_full
                                                    : wire::ErrorCode::out_of_resources;
  return Error(code, error.message());
}

std::string closed_partition(int32_t number) {
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

Status OffsetsJournal::replay_into(Coordinator& coordinator) {
  HAIL_RETURN_IF_ERROR(ensure_topic());
  for (const auto& partition : topics_.find(kOffsetsTopic)->partitions) {
    Status replayed = partition->is_open() ? replay_log(partition->log(), coordinator)
                                           : Status(*partition->open_error());
    if (!replayed.ok())
      return std::move(replayed).error().in(closed_partition(partition->id().partition));
  }
  return {};
}

Status replay_log(storage::Log& log, Coordinator& coordinator) {
  const storage::LogPosition end = log.durable_end();
  int64_t offset = log.start_offset();
  while (offset < end.offset) {
    HAIL_ASSIGN_OR_RETURN(const storage::StoredBytes stored,
                          log.read(offset, kReplayReadBytes, end));
    Bytes rest = stored.bytes;
    if (rest.empty()) return Error(StorageErrc::corrupt, "a log gave no bytes below its end");
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
  const broker::Topic* topic = topics_.find(kOffsetsTopic);
  if (topic == nullptr) return Error(StorageErrc::not_found, "__consumer_offsets is not there yet");
  const auto partitions = static_cast<int32_t>(topic->partitions.size());
  const wire::TopicPartition id{kOffsetsTopic, offsets_partition(group, partitions)};
  broker::Partition* const partition = topics_.partition(id);
  if (partition == nullptr) return Error(StorageErrc::stopped, closed_partition(id.partition));

  auto appended = write(*partition, entries);
  if (!appended.ok()) {
    if (storage::may_pass(appended.error())) return named_for_clients(appended.error());
    if (!partition->failure()) return std::move(appended).error();
    return std::move(appended).error().in(closed_partition(id.partition));
  }
  partition->when_durable(appended->last_offset,
                          [durable = std::move(durable)](const Status& status) {
                            durable(status.ok() ? status : named_for_clients(status.error()));
                          });
  return {};
}

Status OffsetsJournal::sync() {
  for (const auto& partition : topics_.find(kOffsetsTopic)->partitions) {
    HAIL_RETURN_IF_ERROR(partition->sync_now());
  }
  return {};
}

Result<storage::Appended> OffsetsJournal::write(broker::Partition& partition,
                                                std::span<const Entry> entries) const {
  wire::RecordBatchBuilder builder;
  for (const Entry& entry : entries) {
    builder.append(clock_.wall_ms(), entry.key,
                   entry.value ? std::optional<std::string_view>(*entry.value) : std::nullopt);
  }
  std::vector<uint8_t> batch = builder.finish();
  return partition.append(batch);
}

/// In batches, of which a reader may see some and not the others: each record stands for itself.
Result<storage::Appended> OffsetsJournal::write_all(broker::Partition& partition,
                                                    std::span<const Entry> entries) const {
  const int64_t end_offset = partition.log_end_offset();
  storage::Appended appended{end_offset, end_offset - 1, false};
  while (!entries.empty()) {
    size_t count = 0;
    for (size_t bytes = 0; count < entries.size() && bytes < kSnapshotBatchBytes; ++count) {
      bytes += entries[count].key.size() + entries[count].value.value_or("").size();
    }
    HAIL_ASSIGN_OR_RETURN(const auto written, write(partition, entries.first(count)));
    appended.last_offset = written.last_offset;
    entries = entries.subspan(count);
  }
  return appended;
}

void OffsetsJournal::compact(const Coordinator& coordinator) {
  const broker::Topic* topic = topics_.find(kOffsetsTopic);
  if (topic == nullptr) return;
  const auto partitions = static_cast<int32_t>(topic->partitions.size());
  for (const auto& partition : topic->partitions) {
    const int32_t number = partition->id().partition;
    const Compaction& last = compactions_[number];
    const int64_t limit = 2 * topic->config.segment_bytes + 2 * last.live_bytes;
    if (!partition->is_open() || last.is_under_way || partition->size_bytes() < limit) continue;
    if (clock_.steady_ms() < last.not_before_ms) continue;
    compact(*partition, coordinator.snapshot([&](const std::string& group) {
      return offsets_partition(group, partitions) == number;
    }));
  }
}

void OffsetsJournal::compact(broker::Partition& partition, std::span<const Entry> live) {
  Compaction& compaction = compactions_[partition.id().partition];
  const int64_t bytes_before = partition.size_bytes();
  const auto written = write_all(partition, live);
  if (!written.ok()) {
    // What was written says nothing new and does no harm, but a full disk should not get more.
    log_warn("the groups' topic cannot be compacted now", {written.error()});
    compaction.not_before_ms = clock_.steady_ms() + kTryAgainMs;
    return;
  }
  compaction = {true, partition.size_bytes() - bytes_before, 0};
  partition.when_durable(written->last_offset,
                         [this, &partition, from = written->base_offset](const Status& durable) {
                           if (durable.ok()) drop_superseded(partition, from);
                         });
}

void OffsetsJournal::drop_superseded(broker::Partition& partition, int64_t before_offset) {
  compactions_[partition.id().partition].is_under_way = false;
  const Status dropped = partition.drop_before(before_offset);
  if (!dropped.ok()) log_warn("superseded offsets could not be dropped", {dropped.error()});
}

}  // namespace hailstorm::groups
