#include "services/lab/blast/blast_cell.h"

#include <algorithm>

#include "services/lab/blast/prediction.h"

namespace hailstorm::lab {
namespace {

/// From the end of the fault until the subject was as usual for good.
double recovery_s(const Usual& usual, const BlastFrames& frames) {
  if (frames.during.empty() || frames.after.empty()) return 0;
  const int64_t end_ms = frames.during.back().t_ms;
  int64_t unusual_ms = end_ms;
  const Snapshot* then = &frames.during.back();
  for (const auto& now : frames.after) {
    if (!usual.is_usual(*then, now)) unusual_ms = now.t_ms;
    then = &now;
  }
  return static_cast<double>(unusual_ms - end_ms) / 1e3;
}

}  // namespace

double BlastCell::recovered_s() const {
  double longest_s = 0;
  for (const auto& [subject, effect] : effects) longest_s = std::max(longest_s, effect.recovered_s);
  return longest_s;
}

std::map<std::string, BlastEffect> effects_of(const BlastFault& fault, const BlastFrames& frames) {
  std::map<std::string, BlastEffect> effects;
  for (const auto& subject : blast_subjects()) {
    if (is_hit(fault.target, subject)) continue;
    const Usual usual(frames.before, subject);
    BlastEffect effect;
    effect.predicted = should_hurt(fault.target, fault.action, subject);
    effect.why = usual.deviation(frames.during);
    effect.observed = !effect.why.empty();
    effect.before = measure(frames.before, subject);
    effect.during = measure(frames.during, subject);
    effect.after = measure(frames.after, subject);
    effect.recovered_s = recovery_s(usual, frames);
    effects[subject] = std::move(effect);
  }
  return effects;
}

}  // namespace hailstorm::lab
