#include "broker/storage/recovery.h"

#include <algorithm>

#include "broker/storage/checkpoint.h"
#include "broker/storage/file_names.h"
#include "broker/storage/recovery_point.h"
#include "broker/storage/segment_walk.h"
#include "broker/storage/whole_file.h"
#include "common/base/logging.h"

namespace hailstorm::storage {
namespace {

Error corrupt(const std::string& path, uint64_t byte, const std::string& why) {
  return Error(StorageErrc::corrupt,
               path + " is damaged at byte " + std::to_string(byte) + ": " + why +
                   "; nothing was changed. Look at it with 'hail dump', then restore the folder "
                   "from a copy or delete the topic");
}

/// One recovery: first looks at everything, then changes what must be changed.
class Recovery {
 public:
  Recovery(FileSystem& files, const std::string& folder, int64_t now_ms)
      : files_(files), folder_(folder), now_ms_(now_ms) {}

  Result<RecoveredLog> run() {
    HAIL_RETURN_IF_ERROR(list_files());
    if (bases_.empty() && !checkpoint_ && !point_) return make_first_segment();
    HAIL_RETURN_IF_ERROR(check_recovery_point());
    HAIL_RETURN_IF_ERROR(take_checkpoint());
    for (size_t i = trusted_; i < bases_.size(); ++i) HAIL_RETURN_IF_ERROR(walk(i));
    if (trusted_ == bases_.size()) HAIL_RETURN_IF_ERROR(log_.segments.back()->load_indexes());
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
  Status judge_bad_batch(Segment& segment, uint64_t file_size, size_t number,
                         const SegmentWalk& walk);
  Status apply();
  std::string path_of(const std::string& name) const { return folder_ + "/" + name; }

  FileSystem& files_;
  const std::string folder_;
  const int64_t now_ms_;

  std::vector<int64_t> bases_;
  std::vector<std::string> stale_;  // names of files that no log needs
  std::optional<Checkpoint> checkpoint_;
  std::optional<RecoveryPoint> point_;
  size_t trusted_ = 0;          // the first so many segments are not walked
  uint64_t durable_bytes_ = 0;  // of the first walked segment, by the checkpoint
  int64_t durable_end_ = 0;     // offset; producers below it came with the checkpoint

  RecoveredLog log_;
  uint64_t last_file_size_ = 0;
};

Status Recovery::list_files() {
  HAIL_ASSIGN_OR_RETURN(const auto names, files_.list(folder_));
  for (const auto& name : names) {
    if (const auto base = file_names::parse_segment_file(name, file_names::kLog))
      bases_.push_back(*base);
    if (name.ends_with(file_names::kTemporary)) stale_.push_back(name);
  }
  std::sort(bases_.begin(), bases_.end());
  for (const auto& name : names) {
    for (const auto suffix : {file_names::kOffsetIndex, file_names::kTimeIndex}) {
      const auto base = file_names::parse_segment_file(name, suffix);
      if (base && !std::binary_search(bases_.begin(), bases_.end(), *base)) stale_.push_back(name);
    }
  }
  checkpoint_ = read_checkpoint(files_, folder_);
  point_ = read_recovery_point(files_, folder_);
  // Retention may have dropped its segment since, but only from the front.
  if (point_ && !bases_.empty() && point_->segment_base < bases_.front()) point_.reset();
  return {};
}

Result<RecoveredLog> Recovery::make_first_segment() {
  HAIL_ASSIGN_OR_RETURN(auto segment, Segment::create(files_, folder_, 0));
  HAIL_RETURN_IF_ERROR(files_.sync_folder(folder_));
  log_.segments.push_back(std::move(segment));
  return std::move(log_);
}

Status Recovery::check_recovery_point() {
  if (!point_) return {};
  const std::string path =
      path_of(file_names::segment_file(point_->segment_base, file_names::kLog));
  if (!std::binary_search(bases_.begin(), bases_.end(), point_->segment_base))
    return corrupt(path, 0, "the file is missing");
  HAIL_ASSIGN_OR_RETURN(const auto file, files_.open(path, FileSystem::Mode::read));
  HAIL_ASSIGN_OR_RETURN(const uint64_t identity, file->identity());
  if (identity != point_->file) {
    point_.reset();
    return {};
  }
  HAIL_ASSIGN_OR_RETURN(const uint64_t size, file->size());
  if (size >= point_->size_bytes) return {};
  return corrupt(
      path, size,
      "it ends there, but held " + std::to_string(point_->size_bytes) + " durable bytes");
}

Status Recovery::take_checkpoint() {
  if (!checkpoint_) return {};
  if (bases_.empty())
    return corrupt(path_of(file_names::segment_file(checkpoint_->segments.back().base_offset,
                                                    file_names::kLog)),
                   0, "the file is missing");
  auto& entries = checkpoint_->segments;
  // Retention may have dropped old segments since, but only from the front.
  std::erase_if(entries, [&](const auto& entry) { return entry.base_offset < bases_.front(); });
  for (const auto& producer : checkpoint_->producers) log_.producers.restore(producer, now_ms_);
  if (checkpoint_->has_forgotten) log_.producers.restore_has_forgotten();
  durable_end_ = checkpoint_->end_offset;
  if (entries.empty()) return {};

  for (size_t i = 0; i < entries.size(); ++i) {
    if (i >= bases_.size() || bases_[i] != entries[i].base_offset) {
      const int64_t lost =
          i < bases_.size() ? std::min(bases_[i], entries[i].base_offset) : entries[i].base_offset;
      return corrupt(path_of(file_names::segment_file(lost, file_names::kLog)), 0,
                     "the segments are not those of the checkpoint");
    }
    const bool was_growing = i + 1 == entries.size();
    HAIL_RETURN_IF_ERROR(
        trust(entries[i], was_growing ? checkpoint_->end_offset : entries[i + 1].base_offset));
  }
  return {};
}

Status Recovery::trust(const Checkpoint::SegmentEntry& entry, int64_t end_offset) {
  auto segment = std::make_unique<Segment>(
      files_, folder_,
      Segment::Extent{entry.base_offset, end_offset, entry.size_bytes, entry.max_timestamp_ms});
  HAIL_ASSIGN_OR_RETURN(const auto file, segment->file());
  HAIL_ASSIGN_OR_RETURN(const uint64_t size, file->size());
  const bool was_growing = entry.base_offset == checkpoint_->segments.back().base_offset;
  const bool is_last = entry.base_offset == bases_.back();
  if (size < entry.size_bytes || (size > entry.size_bytes && !was_growing)) {
    return corrupt(segment->log_path(), std::min(size, entry.size_bytes),
                   "it held " + std::to_string(entry.size_bytes) + " bytes at the checkpoint and " +
                       std::to_string(size) + " now");
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
    return corrupt(path_of(file_names::segment_file(base, file_names::kLog)), 0,
                   "the segment before ends at offset " + std::to_string(end));
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
    HAIL_RETURN_IF_ERROR(judge_bad_batch(*segment, last_file_size_, number, walk));
  if (!is_last) {  // the index files are checked or made anew when someone reads here
    segment->drop_indexes();
    segment->close_file();
  }
  log_.segments.push_back(std::move(segment));
  return {};
}

Status Recovery::judge_bad_batch(Segment& segment, uint64_t file_size, size_t number,
                                 const SegmentWalk& walk) {
  const std::string path = segment.log_path();
  if (walk.is_foreign)
    return corrupt(path, walk.good_bytes,
                   walk.why +
                       ", although its CRC is right: another broker wrote it, or it is "
                       "damaged where no CRC reaches");
  if (number + 1 < bases_.size())
    return corrupt(path, walk.good_bytes, walk.why + ", and younger segments follow");
  const bool is_marked = point_ && point_->segment_base == bases_[number];
  if ((number == trusted_ && walk.good_bytes < durable_bytes_) ||
      (is_marked && walk.good_bytes < point_->size_bytes))
    return corrupt(path, walk.good_bytes, walk.why + ", where all was durable");
  HAIL_ASSIGN_OR_RETURN(const auto file, segment.file());
  HAIL_ASSIGN_OR_RETURN(const auto behind,
                        find_batch_behind(*file, file_size, walk.good_bytes, walk.end_offset));
  if (behind) {
    HAIL_ASSIGN_OR_RETURN(const bool is_lost,
                          has_lost_sector(*file, walk.good_bytes, *behind, walk.end_offset));
    if (!is_lost)
      return corrupt(path, walk.good_bytes,
                     walk.why + ", and a whole batch follows at byte " + std::to_string(*behind));
  }
  log_warn("cuts a torn tail off", {{"file", path},
                                    {"from_byte", walk.good_bytes},
                                    {"bytes", file_size - walk.good_bytes},
                                    {"why", walk.why}});
  return {};
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
  for (const auto& name : stale_) HAIL_RETURN_IF_ERROR(files_.remove(path_of(name)));
  if (!has_walked && stale_.empty()) return {};
  return files_.sync_folder(folder_);
}

}  // namespace

Result<RecoveredLog> recover(FileSystem& files, const std::string& folder, int64_t now_ms) {
  return Recovery(files, folder, now_ms).run();
}

}  // namespace hailstorm::storage
