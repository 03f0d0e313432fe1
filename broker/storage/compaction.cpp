#include "broker/storage/compaction.h"

#include <new>
#include <utility>

#include "broker/storage/file_names.h"
#include "broker/storage/segment_swap.h"
#include "broker/storage/torn_tail.h"
#include "broker/storage/whole_file.h"
#include "common/wire/record_batch.h"

namespace hailstorm::storage {
namespace {

constexpr size_t kReadBytes = 256 << 10;

}  // namespace

Compaction::Compaction(Plan plan, CompactionLimits limits)
    : plan_(std::move(plan)),
      limits_(std::move(limits)),
      latest_(limits_.secret, limits_.key_bytes) {
  rules_.latest = &latest_;
  rules_.now_ms = plan_.now_ms;
  rules_.delete_retention_ms = plan_.delete_retention_ms;
  rules_.known_batches = plan_.known_batches;
}

void Compaction::run() {
  outcome_ = step();
  has_run_ = true;
}

Status Compaction::step() {
  const bool is_first = !std::exchange(has_learnt_, true);
  Status done;
  try {
    done = is_first ? learn() : clean();
  } catch (const std::bad_alloc&) {
    done = Error(StorageErrc::out_of_resources, "there is no memory to compact " + plan_.folder);
  }
  if (done.ok() || is_first) return done;
  result_.reset();
  has_left_swap_ = !abandon().ok();
  return done;
}

/// Removes what a step that failed left.
Status Compaction::abandon() {
  HAIL_RETURN_IF_ERROR(cancel_segment_swap(*plan_.files, plan_.folder));
  const std::string aside = path_aside(plan_.folder, group_.front().base_offset);
  // Without the swap the next recovery removes it.
  if (plan_.files->exists(aside)) static_cast<void>(plan_.files->remove(aside).ok());
  return {};
}

void Compaction::clean_next(std::vector<SegmentExtent> group) {
  group_ = std::move(group);
  has_run_ = false;
}

/// Calls `visit` for each batch until that gives false.
template <class Visit>
Status Compaction::read(const SegmentExtent& segment, const Visit& visit) {
  const std::string path =
      plan_.folder + "/" + file_names::segment_file(segment.base_offset, file_names::kLog);
  HAIL_ASSIGN_OR_RETURN(const auto file, plan_.files->open(path, FileSystem::Mode::read));
  FileWindow window(*file, kReadBytes);
  HeaderWalk walk({*file, segment, path}, 0, kReadBytes);
  uint64_t unpaced = 0;
  for (;;) {
    if (is_stopping_) return Error(StorageErrc::stopped, "compaction was stopped");
    HAIL_ASSIGN_OR_RETURN(const auto found, walk.next(segment.size_bytes));
    if (!found) break;
    HAIL_ASSIGN_OR_RETURN(
        const Bytes bytes,
        window.at(found->position, static_cast<size_t>(found->header.size_bytes)));
    // What is damaged is not rewritten: a new checksum would make it look sound.
    const auto batch = wire::RecordBatchView::parse(bytes);
    if (!batch.ok()) return damaged_at(path, found->position, batch.error().message());
    HAIL_ASSIGN_OR_RETURN(const bool goes_on, visit(*batch));
    if (!goes_on) break;
    counts_.read_bytes += bytes.size();
    unpaced += bytes.size();
    if (limits_.pace && unpaced >= kReadBytes) limits_.pace(std::exchange(unpaced, 0));
  }
  return {};
}

Status Compaction::learn() {
  bool has_room = true;
  const auto take = [&](const wire::RecordBatchView& batch) -> Result<bool> {
    if (batch.last_offset() < plan_.dirty_from) return true;
    has_room = learn_batch(batch);
    if (has_room) rules_.mapped_end = batch.last_offset() + 1;
    return has_room;
  };
  for (const SegmentExtent& segment : plan_.dirty) {
    if (has_room) HAIL_RETURN_IF_ERROR(read(segment, take));
  }
  return {};
}

/// False: the table is full, and mapped_end is that of the record which has no room.
bool Compaction::learn_batch(const wire::RecordBatchView& batch) {
  wire::RecordReader reader(batch);
  for (wire::RecordView record;;) {
    const auto more = reader.next(record);
    if (!more.ok() || !*more) return true;  // what cannot be decoded is kept as it is
    if (!record.key || latest_.put(*record.key, record.offset)) continue;
    rules_.mapped_end = record.offset;
    return false;
  }
}

Status Compaction::clean() {
  result_.reset();
  const std::string aside = path_aside(plan_.folder, group_.front().base_offset);
  HAIL_ASSIGN_OR_RETURN(const auto file, plan_.files->open(aside, FileSystem::Mode::create));
  HAIL_RETURN_IF_ERROR(file->truncate(0));
  HAIL_RETURN_IF_ERROR(clean_into(*file));
  if (result_) return write_swap(*file);
  return plan_.files->remove(aside);
}

Status Compaction::clean_into(File& file) {
  SegmentCleaner cleaner(*plan_.files, plan_.folder, file, group_.front().base_offset, rules_);
  const auto take = [&](const wire::RecordBatchView& batch) -> Result<bool> {
    HAIL_RETURN_IF_ERROR(cleaner.take(batch));
    return true;
  };
  for (const SegmentExtent& segment : group_) HAIL_RETURN_IF_ERROR(read(segment, take));
  HAIL_ASSIGN_OR_RETURN(result_, cleaner.finish(group_.back().end_offset));
  if (group_.size() == 1 && !cleaner.has_changed()) result_.reset();
  return {};
}

Status Compaction::write_swap(File& file) {
  counts_.written_bytes += result_->extent().size_bytes;
  HAIL_RETURN_IF_ERROR(file.sync());
  return write_segment_swap(*plan_.files, plan_.folder,
                            {file_names::last_part(plan_.folder), result_->extent()});
}

}  // namespace hailstorm::storage
