#pragma once

#include <map>
#include <string>

#include "services/lab/blast/blast_plan.h"
#include "services/lab/blast/measure.h"

namespace hailstorm::lab {

/// What one fault did to one subject.
struct BlastEffect {
  bool predicted = false;  // that it is hurt
  bool observed = false;
  std::string why;  // it was hurt
  BlastFigures before;
  BlastFigures during;
  BlastFigures after;
  double recovered_s = 0;  // from the end of the fault; 0: it was as usual from then on

  [[nodiscard]] bool is_surprise() const { return observed && !predicted; }
};

/// One fault on one target, with what it did to all the others.
struct BlastCell {
  BlastFault fault;
  FaultState state;
  std::string refusal;                         // why it was not injected; empty: it was
  bool was_steady = true;                      // before the fault
  std::map<std::string, BlastEffect> effects;  // by subject

  [[nodiscard]] bool proven() const {
    return state.proven_at_ms != 0 && state.proven_off_at_ms != 0;
  }
  /// Until the last subject was as usual again.
  [[nodiscard]] double recovered_s() const;
};

/// The frames of one cell, in three spans.
struct BlastFrames {
  Frames before;
  Frames during;
  Frames after;
};
/// Compares them, for each subject but the target.
[[nodiscard]] std::map<std::string, BlastEffect> effects_of(const BlastFault& fault,
                                                            const BlastFrames& frames);

}  // namespace hailstorm::lab
