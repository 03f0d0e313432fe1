#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "broker/storage/file_system.h"
#include "broker/storage/segment_swap.h"

namespace hailstorm::storage {

/// An end within a log: of what is written, of what is durable or of what readers may see.
struct LogPosition {
  int64_t offset = 0;        // of the next record
  int64_t segment_base = 0;  // the base offset of the segment that holds it
  uint64_t position = 0;     // bytes of that segment before it
};

/// Makes durable all that was appended to a log before Log::start_sync().
///
/// Thread safety: run() may be called from any thread, once, beside any call on the log; everything
/// else is not safe.
class LogSync {
 public:
  /// What the sync must do. `files` must remain live until run() has returned.
  struct Plan {
    FileSystem* files = nullptr;
    std::string folder;
    std::shared_ptr<File> file;       // of the active segment
    bool folder_changed = false;      // a segment was begun whose name is not durable yet
    std::string checkpoint;           // empty: none is due
    std::optional<SegmentSwap> swap;  // to be ended after the checkpoint, which knows the result
    LogPosition end;
    uint64_t segments_begun = 0;
  };
  explicit LogSync(Plan plan) : plan_(std::move(plan)) {}

  void run() { outcome_ = sync(); }
  [[nodiscard]] bool has_run() const noexcept { return outcome_.has_value(); }
  /// REQUIRES: has_run().
  [[nodiscard]] const Status& outcome() const { return outcome_.value(); }
  [[nodiscard]] const Plan& plan() const noexcept { return plan_; }
  /// False: the plan's swap is to be ended by a later sync.
  [[nodiscard]] bool has_ended_swap() const noexcept { return has_ended_swap_; }

 private:
  [[nodiscard]] Status sync();
  [[nodiscard]] Status write_point() const;
  [[nodiscard]] Status write_checkpoint() const;

  Plan plan_;
  bool has_ended_swap_ = false;
  std::optional<Status> outcome_;
};

}  // namespace hailstorm::storage
