#include "broker/verify/check_partition.h"

#include <algorithm>
#include <fmt/format.h>

#include "broker/groups/offsets_journal.h"
#include "broker/storage/checkpoint.h"
#include "broker/storage/file_names.h"
#include "broker/storage/partition_file.h"
#include "broker/storage/recovery_point.h"
#include "broker/storage/store_folder.h"
#include "broker/verify/check_groups.h"
#include "broker/verify/check_segment.h"
#include "broker/verify/dry_run_file_system.h"

namespace hailstorm::verify {
namespace {

namespace file_names = storage::file_names;

class PartitionCheck {
 public:
  PartitionCheck(storage::FileSystem& files, const Clock& clock, const std::string& path,
                 const storage::StoreSettings& settings)
      : files_(files), clock_(clock), path_(path), settings_(settings), dry_run_(files) {
    report_.name = file_names::last_part(path);
  }

  PartitionReport run() {
    dry_run();
    check_marks();
    scan_segments();
    if (log_) check_groups();
    return std::move(report_);
  }

 private:
  void dry_run();
  void note_changes();
  void check_partition_file();
  void check_marks();
  void scan_segments();
  void check(const SegmentScan& scan, bool is_last);
  void check(const std::string& name, const BadBytes& bad, bool is_last);
  void check_groups();

  void add(Severity severity, const std::string& file, std::optional<uint64_t> byte,
           std::string what, std::string outcome) {
    report_.findings.push_back({severity, file, byte, std::move(what), std::move(outcome)});
  }
  std::string path_of(std::string_view name) const { return path_ + "/" + std::string(name); }

  storage::FileSystem& files_;
  const Clock& clock_;
  const std::string path_;
  const storage::StoreSettings& settings_;
  PartitionReport report_;

  DryRunFileSystem dry_run_;
  std::unique_ptr<storage::Log> log_;  // uses dry_run_
  struct Cut {
    uint64_t from;
    uint64_t to;
  };
  std::optional<Cut> cut_;      // of the last segment
  bool knows_durable_ = false;  // a recovery point is about the last segment's file
};

void PartitionCheck::dry_run() {
  const auto id = file_names::parse_partition_folder(report_.name);
  const auto topic = id ? settings_.topics.find(id->topic) : settings_.topics.end();
  const storage::TopicSettings known =
      topic == settings_.topics.end() ? storage::TopicSettings() : topic->second;
  auto opened = storage::open_known_log(dry_run_, clock_, path_, known.id, known.config);
  report_.opens = opened.ok();
  if (!opened.ok()) {
    report_.refusal = opened.error().message();
    add(Severity::damaged, "", std::nullopt, report_.refusal,
        "the broker does not open this partition; the others go on");
    return;
  }
  log_ = std::move(opened).value();
  report_.start_offset = log_->start_offset();
  report_.end_offset = log_->end().offset;
  note_changes();
}

void PartitionCheck::note_changes() {
  for (const auto& change : dry_run_.changes()) {
    const std::string name = file_names::last_part(change.path);
    const bool is_log = file_names::parse_segment_file(name, file_names::kLog).has_value();
    if (!change.size_after)
      add(Severity::mended, name, std::nullopt, "left over by a crash",
          is_log ? "it is before the log's start; the next start removes it"
                 : "the next start removes it");
    if (is_log && change.size_before && change.size_after)
      cut_ = Cut{*change.size_after, *change.size_before};
  }
}

void PartitionCheck::check_partition_file() {
  const auto file = storage::PartitionFile::read(files_, path_);
  if (!file.ok()) return;  // it was removed just now
  const std::string name(file_names::kPartition);
  if (!*file) {
    add(Severity::note, name, std::nullopt,
        "is not there: an older program or another one wrote this folder",
        fmt::format("the next start takes the log as it is, from offset {} on",
                    report_.start_offset));
  } else if (!(*file)->is_whole()) {
    add(Severity::note, name, std::nullopt, "one of its lines 'start' is damaged",
        "the other one counts");
  }
}

void PartitionCheck::check_marks() {
  if (!report_.opens) return;  // the error of recovery says more
  check_partition_file();
  const auto checkpoint = storage::read_checkpoint(files_, path_);
  if (files_.exists(path_of(file_names::kCheckpoint)) &&
      (!checkpoint || checkpoint->partition != report_.name)) {
    add(Severity::mended, std::string(file_names::kCheckpoint), std::nullopt,
        "is damaged, or another partition's",
        "recovery ignores it and reads the whole log instead");
  }
  if (!files_.exists(path_of(file_names::kRecoveryPoint))) return;
  const auto point = storage::read_recovery_point(files_, path_);
  const std::string name(file_names::kRecoveryPoint);
  if (!point || point->partition != report_.name) {
    add(Severity::mended, name, std::nullopt, "is damaged, or another partition's",
        "recovery ignores it");
    return;
  }
  const auto log =
      files_.open(path_of(file_names::segment_file(point->segment_base, file_names::kLog)),
                  storage::FileSystem::Mode::read);
  const auto identity = log.ok() ? (*log)->identity() : Result<uint64_t>(log.error());
  if (!identity.ok()) return;  // retention has dropped that segment
  if (*identity == point->file) {
    knows_durable_ = true;
  } else {
    add(Severity::note, name, std::nullopt, "speaks of another file: this folder is a copy",
        "recovery ignores it");
  }
}

void PartitionCheck::scan_segments() {
  const auto names = files_.list(path_);
  if (!names.ok()) return;  // refused already
  std::vector<int64_t> bases;
  for (const auto& name : *names) {
    const auto base = file_names::parse_segment_file(name, file_names::kLog);
    if (base) bases.push_back(*base);
  }
  std::sort(bases.begin(), bases.end());
  // The next start removes segments before the one that holds the log's start.
  auto first = std::upper_bound(bases.begin(), bases.end(), report_.start_offset);
  if (first != bases.begin()) --first;
  bases.erase(bases.begin(), first);
  report_.segments = bases.size();
  std::optional<int64_t> expected;
  for (size_t i = 0; i < bases.size(); ++i) {
    const std::string name = file_names::segment_file(bases[i], file_names::kLog);
    const bool is_last = i + 1 == bases.size();
    const auto scan = scan_segment(files_, path_, bases[i], is_last);
    if (!scan.ok()) {
      add(Severity::damaged, name, std::nullopt, scan.error().message(), "it cannot be read");
      expected.reset();
      continue;
    }
    if (expected && *expected != bases[i]) {
      add(Severity::damaged, name, 0,
          fmt::format("the segment before ends at offset {}", *expected),
          "offsets between are missing");
    }
    report_.batches += scan->batches;
    report_.size_bytes += scan->size_bytes;
    check(*scan, is_last);
    expected.reset();
    if (scan->bad.empty()) expected = scan->end_offset;
  }
}

void PartitionCheck::check(const SegmentScan& scan, bool is_last) {
  const std::string name = file_names::segment_file(scan.base_offset, file_names::kLog);
  for (const BadBytes& bad : scan.bad) {
    if (is_last && cut_ && bad.from > cut_->from) break;  // it is cut off with the tail
    check(name, bad, is_last);
  }
  if (scan.has_more_bad)
    add(Severity::damaged, name, std::nullopt, "there are more damaged places after these", "");
  for (const Finding& finding : scan.of_indexes) report_.findings.push_back(finding);
}

void PartitionCheck::check(const std::string& name, const BadBytes& bad, bool is_last) {
  if (is_last && cut_ && bad.from == cut_->from) {
    const uint64_t bytes = cut_->to - cut_->from;
    add(Severity::mended, name, bad.from, bad.why,
        knows_durable_
            ? fmt::format("recovery cuts {} bytes of an unacknowledged tail at byte {}", bytes,
                          cut_->from)
            : fmt::format("recovery takes it for a torn tail and cuts {} bytes at byte {}; no "
                          "recovery point says whether they were acknowledged",
                          bytes, cut_->from));
    return;
  }
  const std::string extent = bad.next_batch
                                 ? fmt::format("; sound batches go on at byte {}", *bad.next_batch)
                                 : "; no sound batch follows in this file";
  const std::string outcome =
      bad.is_readable
          ? "the broker serves the batch as it is; readers name these offsets and go on after them"
      : report_.opens ? "a checkpoint covers it, so the broker opens the partition unread; a "
                        "consumer that reads "
                        "there gets the damage as an error"
                      : "";
  add(Severity::damaged, name, bad.from, bad.why + extent, outcome);
}

void PartitionCheck::check_groups() {
  const auto id = file_names::parse_partition_folder(report_.name);
  if (!id || id->topic != groups::kOffsetsTopic) return;
  const auto groups = count_groups(*log_, settings_, clock_);
  if (groups.ok()) {
    report_.groups = *groups;
  } else {
    add(Severity::damaged, "", std::nullopt, groups.error().message(),
        "the broker starts, but refuses every request about groups");
  }
}

}  // namespace

PartitionReport check_partition(storage::FileSystem& files, const Clock& clock,
                                const std::string& path, const storage::StoreSettings& settings) {
  return PartitionCheck(files, clock, path, settings).run();
}

}  // namespace hailstorm::verify
