#include "broker/storage/recovery.h"

#include <algorithm>
#include <fmt/format.h>

#include "broker/storage/file_names.h"
#include "broker/storage/folder_marks.h"
#include "broker/storage/segment_swap.h"
#include "broker/storage/segment_walk.h"
#include "broker/storage/torn_tail.h"
#include "common/base/logging.h"

namespace hailstorm::storage {
namespace {

/// One recovery: first looks at everything, then changes what must be changed.
class Recovery {
 public:
  Recovery(FileSystem& files, const std::string& folder, const Uuid& topic_id, int64_t now_ms)
      : files_(files), folder_(folder), topic_id_(topic_id), now_ms_(now_ms) {}

  Result<RecoveredLog> run() {
    HAIL_ASSIGN_OR_RETURN(marks_, read_marks(files_, folder_, topic_id_));
    HAIL_RETURN_IF_ERROR(finish_segment_swap(files_, folder_, marks_));
    HAIL_RETURN_IF_ERROR(list_files());
    if (bases_.empty() && !marks_.partition && !marks_.checkpoint && !marks_.point)
      return make_first_segment();
    HAIL_RETURN_IF_ERROR(check_for_missing_segments(files_, folder_, bases_, marks_));
    HAIL_RETURN_IF_ERROR(check_recovery_point());
    HAIL_RETURN_IF_ERROR(take_checkpoint());
    for (size_t i = trusted_; i < bases_.size(); ++i) HAIL_RETURN_IF_ERROR(walk(i));
    if (trusted_ == bases_.size()) HAIL_RETURN_IF_ERROR(log_.segments.back()->load_indexes());
    HAIL_RETURN_IF_ERROR(check_first_segment());
    HAIL_RETURN_IF_ERROR(apply());
    return std::move(log_);
  }

 private:
  Status list_files();
  Result<RecoveredLog> make_first_segment();
  Status check_recovery_point();
  Status take_checkpoint();
  Status trust(const Checkpoint::SegmentEntry& entry, int64_t end_offset);
  Status walk(size_t number);
  Status check_bad_batch(Segment& segment, uint64_t file_size, size_t number,
                         const SegmentWalk& walk);
  Status check_first_segment();
  Status apply();
  Status mark_folder();
  std::string path_of(const std::string& name) const { return folder_ + "/" + name; }

  FileSystem& files_;
  const std::string folder_;
  const Uuid topic_id_;
  const int64_t now_ms_;

  std::vector<int64_t> bases_;
  std::vector<std::string> stale_;  // names of files that no log needs
  FolderMarks marks_;
  size_t trusted_ = 0;          // the first so many segments are not walked
  uint64_t durable_bytes_ = 0;  // of the first walked segment, by the checkpoint
  int64_t durable_end_ = 0;     // offset; producers below it came with the checkpoint

  RecoveredLog log_;
  uint64_t last_file_size_ = 0;
  bool has_segments_before_start_ = false;
};

Status Recovery::list_files() {
  HAIL_ASSIGN_OR_RETURN(const auto names, files_.list(folder_));
  for (const auto& name : names) {
    if (const auto base = file_names::parse_segment_file(name, file_names::kLog))
      bases_.push_back(*base);
    if (name.ends_with(file_names::kTemporary)) stale_.push_back(name);
  }
  std::sort(bases_.begin(), bases_.end());
  if (marks_.partition) {  // a removal that a crash cut short left segments before the start
    auto start = std::upper_bound(bases_.begin(), bases_.end(), marks_.partition->start());
    if (start != bases_.begin()) --start;  // this one holds the start, or begins there
    for (auto base = bases_.begin(); base != start; ++base)
      stale_.push_back(file_names::segment_file(*base, file_names::kLog));
    has_segments_before_start_ = start != bases_.begin();
    bases_.erase(bases_.begin(), start);
  }
  for (const auto& name : names) {
    for (const auto suffix : {file_names::kOffsetIndex, file_names::kTimeIndex}) {
      const auto base = file_names::parse_segment_file(name, suffix);
      if (base && !std::binary_search(bases_.begin(), bases_.end(), *base)) stale_.push_back(name);
    }
  }
  return {};
}

Result<RecoveredLog> Recovery::make_first_segment() {
  HAIL_ASSIGN_OR_RETURN(auto segment, Segment::create(files_, folder_, 0));
  log_.segments.push_back(std::move(segment));
  HAIL_RETURN_IF_ERROR(mark_folder());
  return std::move(log_);
}

Status Recovery::check_recovery_point() {
  auto& point = marks_.point;
  // Retention may have dropped its segment since.
  if (point && point->segment_base < bases_.front()) point.reset();
  if (!point) return {};
  const std::string path = path_of(file_names::segment_file(point->segment_base, file_names::kLog));
  HAIL_ASSIGN_OR_RETURN(const auto file, files_.open(path, FileSystem::Mode::read));
  HAIL_ASSIGN_OR_RETURN(const uint64_t identity, file->identity());
  if (identity != point->file) {
    point.reset();
    return {};
  }
  HAIL_ASSIGN_OR_RETURN(const uint64_t size, file->size());
  if (size >= point->size_bytes) return {};
  return damaged_at(path, size,
                    fmt::format("it ends there, but held {} durable bytes", point->size_bytes));
}

Status Recovery::take_checkpoint() {
  auto& checkpoint = marks_.checkpoint;
  if (!checkpoint) return {};
  auto& entries = checkpoint->segments;
  // Retention may have dropped old segments since, but only from the front.
  std::erase_if(entries, [&](const auto& entry) { return entry.base_offset < bases_.front(); });
  for (const auto& producer : checkpoint->producers) log_.producers.restore(producer, now_ms_);
  if (checkpoint->has_forgotten) log_.producers.restore_has_forgotten();
  durable_end_ = checkpoint->end_offset;
  log_.compacted_to = checkpoint->compacted_to;
  if (entries.empty()) return {};

  for (size_t i = 0; i < entries.size(); ++i) {
    if (bases_[i] != entries[i].base_offset)  // none is missing, so this one is too many
      return damaged_at(path_of(file_names::segment_file(bases_[i], file_names::kLog)), 0,
                        "the checkpoint does not know this segment");
    const bool was_growing = i + 1 == entries.size();
    HAIL_RETURN_IF_ERROR(
        trust(entries[i], was_growing ? checkpoint->end_offset : entries[i + 1].base_offset));
  }
  return {};
}

Status Recovery::trust(const Checkpoint::SegmentEntry& entry, int64_t end_offset) {
  auto segment = std::make_unique<Segment>(
      files_, folder_,
      Segment::Extent{entry.base_offset, end_offset, entry.size_bytes, entry.max_timestamp_ms});
  HAIL_ASSIGN_OR_RETURN(const auto file, segment->file());
  HAIL_ASSIGN_OR_RETURN(const uint64_t size, file->size());
  const bool was_growing = entry.base_offset == marks_.checkpoint->segments.back().base_offset;
  const bool is_last = entry.base_offset == bases_.back();
  if (size < entry.size_bytes || (size > entry.size_bytes && !was_growing)) {
    return damaged_at(
        segment->log_path(), std::min(size, entry.size_bytes),
        fmt::format("it held {} bytes at the checkpoint and {} now", entry.size_bytes, size));
  }
  durable_bytes_ = entry.size_bytes;
  if (size > entry.size_bytes || (was_growing && !is_last)) return {};  // grew since: walk it
  if (!is_last) segment->close_file();
  log_.segments.push_back(std::move(segment));
  trusted_ = log_.segments.size();
  return {};
}

Status Recovery::walk(size_t number) {
  const int64_t base = bases_[number];
  if (!log_.segments.empty() && log_.segments.back()->extent().end_offset != base) {
    const int64_t end = log_.segments.back()->extent().end_offset;
    return missing_offsets(folder_, end, base, false,
                           "no segment holds them; the next one is " +
                               file_names::segment_file(base, file_names::kLog));
  }
  auto segment = std::make_unique<Segment>(files_, folder_, Segment::Extent{base, base, 0, -1});
  HAIL_ASSIGN_OR_RETURN(const auto file, segment->file());
  HAIL_ASSIGN_OR_RETURN(last_file_size_, file->size());
  segment->begin_indexes();
  HAIL_ASSIGN_OR_RETURN(
      const SegmentWalk walk,
      walk_segment(*file, last_file_size_, base,
                   [&](const wire::RecordBatchView& batch, const BatchHeader& header) {
                     segment->note(header);
                     if (batch.producer_id() >= 0 && header.base_offset >= durable_end_)
                       log_.producers.record(Sequenced::of(batch), now_ms_);
                   }));
  const bool is_last = number + 1 == bases_.size();
  if (!walk.why.empty())
    HAIL_RETURN_IF_ERROR(check_bad_batch(*segment, last_file_size_, number, walk));
  if (!is_last) {  // the index files are checked or made again when a read needs them
    segment->drop_indexes();
    segment->close_file();
  }
  log_.segments.push_back(std::move(segment));
  return {};
}

Status Recovery::check_bad_batch(Segment& segment, uint64_t file_size, size_t number,
                                 const SegmentWalk& walk) {
  const std::string path = segment.log_path();
  if (walk.is_foreign)
    return damaged_at(
        path, walk.good_bytes,
        fmt::format("{}, although its CRC is right: another broker wrote it, or it is "
                    "damaged where no CRC reaches",
                    walk.why));
  if (number + 1 < bases_.size())
    return damaged_at(path, walk.good_bytes, walk.why + ", and younger segments follow");
  const auto& point = marks_.point;
  const bool is_marked = point && point->segment_base == bases_[number];
  if ((number == trusted_ && walk.good_bytes < durable_bytes_) ||
      (is_marked && walk.good_bytes < point->size_bytes))
    return damaged_at(path, walk.good_bytes, walk.why + ", where all was durable");
  HAIL_ASSIGN_OR_RETURN(const auto file, segment.file());
  HAIL_RETURN_IF_ERROR(check_torn_tail(*file, path, file_size, walk));
  log_warn("cuts a torn tail off", {distinct_by({"file", path}),
                                    {"from_byte", walk.good_bytes},
                                    {"bytes", file_size - walk.good_bytes},
                                    {"why", walk.why}});
  return {};
}

/// The segment before the start is there because it holds the start; else the one that does is
/// missing.
Status Recovery::check_first_segment() {
  const auto& first = log_.segments.front()->extent();
  const int64_t start = marks_.partition ? marks_.partition->start() : first.base_offset;
  if (first.base_offset == start || first.end_offset > start) return {};
  return missing_offsets(folder_, start, -1, true,
                         fmt::format("the log starts at offset {}, and the segment before it ends "
                                     "at offset {}",
                                     start, first.end_offset));
}

Status Recovery::apply() {
  const bool has_walked = trusted_ < bases_.size();
  uint64_t walked_bytes = 0;
  for (size_t i = trusted_; i < bases_.size(); ++i) {
    Segment& segment = *log_.segments[i];
    const bool is_last = i + 1 == bases_.size();
    walked_bytes += segment.extent().size_bytes;
    if (is_last && last_file_size_ > segment.extent().size_bytes)
      HAIL_RETURN_IF_ERROR(segment.cut_to_end());
    HAIL_ASSIGN_OR_RETURN(const auto file, segment.file());
    HAIL_RETURN_IF_ERROR(file->sync());
    if (is_last) {
      segment.save_indexes();
    } else {
      segment.close_file();
    }
  }
  if (walked_bytes > 0) {
    log_info("recovered what is younger than the checkpoint",
             {{"folder", folder_}, {"bytes", walked_bytes}});
  }
  HAIL_RETURN_IF_ERROR(mark_folder());
  for (const auto& name : stale_) {
    if (files_.exists(path_of(name))) HAIL_RETURN_IF_ERROR(files_.remove(path_of(name)));
  }
  if (!has_walked && stale_.empty()) return {};
  return files_.sync_folder(folder_);
}

Status Recovery::mark_folder() {
  const int64_t first = log_.segments.front()->extent().base_offset;
  if (!marks_.partition) {
    HAIL_ASSIGN_OR_RETURN(
        marks_.partition,
        PartitionFile::make(files_, folder_, {file_names::last_part(folder_), topic_id_}, first));
  } else if (has_segments_before_start_ || first < marks_.partition->start()) {
    // The start may not be durable yet: the broker may have been killed between its write and its
    // sync.
    HAIL_RETURN_IF_ERROR(marks_.partition->move_start(marks_.partition->start()));
  }
  log_.partition = std::move(marks_.partition);
  return {};
}

}  // namespace

Result<RecoveredLog> recover(FileSystem& files, const std::string& folder, const Uuid& topic_id,
                             int64_t now_ms) {
  return Recovery(files, folder, topic_id, now_ms).run();
}

}  // namespace hailstorm::storage
