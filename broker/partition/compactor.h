#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "broker/partition/topic_store.h"
#include "broker/storage/compaction.h"
#include "common/base/clock.h"
#include "common/wire/messages.h"

namespace hailstorm::broker {

struct CompactorOptions {
  int64_t interval_ms = 1'000;                     // between two looks for something to compact
  int64_t bytes_per_second = int64_t{32} << 20;    // that are read; 0: no limit
  size_t key_bytes = 16 << 20;                     // as storage::CompactionLimits
  uint64_t spare_bytes = 16 << 20;                 // of the disk, beside what a step writes aside
  int64_t after_failure_ms = int64_t{5} * 60'000;  // before a partition is tried again
};

/// Compacts the partitions of compacted topics, one after the other. It decides; another thread
/// does each step, at a bounded pace. The broker's own topics are not its business: their owner
/// compacts them by what it knows.
///
/// Thread safety: not safe; the broker's thread owns it. The references must remain live while it
/// is in use, and it while a step runs.
class Compactor {
 public:
  Compactor(TopicStore& topics, const Clock& clock, CompactorOptions options);

  /// A step of which another thread is to call run() now; null: there is none. To be called often:
  /// it also takes the outcome of the last one.
  [[nodiscard]] storage::Compaction* next_step();
  /// No step is begun from now on, and the one that runs ends soon.
  void stop();
  [[nodiscard]] bool is_running() const { return is_running_; }

  struct Totals {
    uint64_t rounds = 0;    // that were finished
    uint64_t failures = 0;  // rounds that failed
    uint64_t read_bytes = 0;
    uint64_t written_bytes = 0;
  };
  [[nodiscard]] const Totals& totals() const { return totals_; }
  /// Bytes of all compacted topics that no compaction has seen, and that one may compact now.
  [[nodiscard]] uint64_t dirty_bytes() const;

 private:
  void take_outcome();
  void choose();
  [[nodiscard]] bool begin(const std::shared_ptr<Partition>& partition);
  void end();
  [[nodiscard]] storage::CompactionLimits limits() const;

  TopicStore& topics_;
  const Clock& clock_;
  const CompactorOptions options_;
  const storage::KeyOffsets::Secret secret_;
  std::shared_ptr<Partition> partition_;  // that is being compacted
  std::unique_ptr<storage::Compaction> compaction_;
  bool is_running_ = false;
  bool is_stopping_ = false;
  int64_t look_due_ms_ = 0;
  std::map<std::string, int64_t> not_before_ms_;  // by partition, after a failure
  Totals totals_;
};

}  // namespace hailstorm::broker
