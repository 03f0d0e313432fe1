#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broker/storage/file_system.h"
#include "broker/storage/key_offsets.h"
#include "broker/storage/segment.h"
#include "broker/storage/segment_cleaner.h"
#include "common/wire/messages.h"

namespace hailstorm::storage {

/// What a compaction may use.
struct CompactionLimits {
  size_t key_bytes = 16 << 20;  // for KeyOffsets; where that is full, the next round goes on
  KeyOffsets::Secret secret{};
  /// Called with each stretch of bytes that is read, on the thread that runs the compaction: may
  /// wait. Null: nothing limits it.
  std::function<void(uint64_t bytes)> pace{};
};

/// What a compaction has done.
struct CompactionCounts {
  uint64_t read_bytes = 0;
  uint64_t written_bytes = 0;
};

/// One round of compaction of a log, in steps: the first learns the last offset of each key from
/// what no round has seen yet; each of the others writes a new segment aside for one or more old
/// ones, oldest first. The log prepares each step and puts its result in place.
///
/// Thread safety: run() may be called from any thread, once a step, beside any call on the log;
/// stop() from any thread; everything else is not safe.
class Compaction {
 public:
  struct Plan {
    FileSystem* files = nullptr;  // must remain live
    std::string folder;
    int64_t delete_retention_ms = 0;
    int64_t now_ms = 0;      // of the wall clock
    int64_t dirty_from = 0;  // all records before it were seen by earlier rounds
    std::vector<SegmentExtent> dirty;
    std::set<int64_t> known_batches;  // base offsets by which the log knows its producers
  };
  Compaction(Plan plan, CompactionLimits limits);

  void run();
  /// Ends the step that runs soon, with an error.
  void stop() noexcept { is_stopping_ = true; }
  [[nodiscard]] bool is_stopping() const noexcept { return is_stopping_; }
  /// Whether the step that was prepared has run. May be called from any thread.
  [[nodiscard]] bool has_run() const noexcept { return has_run_; }
  /// The rest REQUIRES: has_run().
  [[nodiscard]] const Status& outcome() const noexcept { return outcome_; }
  [[nodiscard]] const CompactionCounts& counts() const noexcept { return counts_; }
  /// Records before this are seen by this round; 0 before the first step.
  [[nodiscard]] int64_t mapped_end() const noexcept { return rules_.mapped_end; }

  /// Prepares the next step: these segments, which follow each other, become one.
  void clean_next(std::vector<SegmentExtent> group);
  [[nodiscard]] const std::vector<SegmentExtent>& group() const noexcept { return group_; }
  /// What takes the place of group(): it lies aside, durable, and the swap is written. Null: they
  /// are as they should be, and nothing was written.
  [[nodiscard]] std::unique_ptr<Segment> take_result() { return std::move(result_); }
  /// True: the step failed, and the next recovery may find a swap that was not to be. Until then
  /// nothing of the log may change.
  [[nodiscard]] bool has_left_swap() const noexcept { return has_left_swap_; }

 private:
  [[nodiscard]] Status step();
  [[nodiscard]] Status learn();
  [[nodiscard]] bool learn_batch(const wire::RecordBatchView& batch);
  [[nodiscard]] Status clean();
  [[nodiscard]] Status clean_into(File& file);
  [[nodiscard]] Status write_swap(File& file);
  [[nodiscard]] Status abandon();
  template <class Visit>
  [[nodiscard]] Status read(const SegmentExtent& segment, const Visit& visit);

  const Plan plan_;
  const CompactionLimits limits_;
  KeyOffsets latest_;
  CleaningRules rules_;
  std::vector<SegmentExtent> group_;
  std::unique_ptr<Segment> result_;
  CompactionCounts counts_;
  Status outcome_;
  bool has_learnt_ = false;
  bool has_left_swap_ = false;
  std::atomic<bool> has_run_ = false;
  std::atomic<bool> is_stopping_ = false;
};

}  // namespace hailstorm::storage
