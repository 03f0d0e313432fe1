#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "services/lab/blast/blast_cell.h"
#include "services/lab/remote/remote_lab.h"

namespace hailstorm::lab {

/// Measures the effect of fault after fault, with riders on both lanes: a span before, the fault,
/// and as long after it as the platform needs to be as before. Advanced by step(), about as often
/// as there are frames.
///
/// Thread safety: not safe.
class BlastRun {
 public:
  /// `lab` and `clock` must remain live while this is in use.
  BlastRun(BlastRequest request, std::vector<BlastFault> plan, RemoteLab& lab, const Clock& clock);

  /// Looks at the lab, and goes on. Error lab_is_gone: it has not answered for long.
  [[nodiscard]] Status step();
  [[nodiscard]] bool done() const { return cells_.size() == plan_.size(); }

  /// Those that are measured.
  [[nodiscard]] const std::vector<BlastCell>& cells() const { return cells_; }
  /// "freeze payment (3 of 12): during"
  [[nodiscard]] std::string line() const;

 private:
  enum class Phase { settling, before, during, after };

  [[nodiscard]] Status look();
  void settle();
  void watch_before();
  void inject();
  void watch_during();
  void watch_after();
  void follow();
  void finish();
  void enter(Phase phase);
  [[nodiscard]] bool all_usual() const;
  [[nodiscard]] int64_t in_phase_ms() const { return clock_.steady_ms() - phase_began_ms_; }

  const BlastRequest request_;
  const std::vector<BlastFault> plan_;
  RemoteLab& lab_;
  const Clock& clock_;
  std::vector<BlastCell> cells_;
  BlastCell cell_;
  BlastFrames frames_;
  std::vector<Usual> usual_;
  Phase phase_ = Phase::settling;
  int64_t phase_began_ms_;
  int64_t usual_since_ms_ = 0;
  std::optional<Snapshot> then_;  // the frame before
  std::optional<Snapshot> now_;
  bool is_new_ = false;  // `now_` was not seen before
  int64_t answered_ms_;
};

}  // namespace hailstorm::lab
