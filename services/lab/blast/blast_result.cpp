#include "services/lab/blast/blast_result.h"

#include <algorithm>
#include <fmt/format.h>

#include "services/lab/blast/prediction.h"

namespace hailstorm::lab {

char mark_of(const BlastCell& cell, const std::string& subject) {
  const auto found = cell.effects.find(subject);
  if (found == cell.effects.end()) return '-';
  const BlastEffect& effect = found->second;
  if (effect.observed) return effect.predicted ? 'x' : '!';
  return effect.predicted ? 'o' : '.';
}

std::vector<std::string> BlastResult::surprises() const {
  std::vector<std::string> all;
  for (const auto& cell : cells) {
    for (const auto& [subject, effect] : cell.effects) {
      if (!effect.is_surprise()) continue;
      all.push_back(fmt::format("{} {} hurt {}: {}", name_of(cell.fault.action), cell.fault.target,
                                subject, effect.why));
    }
  }
  return all;
}

std::vector<std::string> BlastResult::problems() const {
  std::vector<std::string> all;
  if (!trouble.empty()) all.push_back("it ended early: " + trouble);
  if (cells.empty()) all.emplace_back("nothing was measured");
  for (const auto& cell : cells) {
    const auto log = cell.effects.find(std::string(kLogLane));
    if (log == cell.effects.end() || !log->second.is_surprise()) continue;
    all.push_back(fmt::format("{} {} hurt the log lane: {}", name_of(cell.fault.action),
                              cell.fault.target, log->second.why));
  }
  if (!end.unsettled.empty()) all.push_back("the rides never settled: " + end.unsettled);
  all.insert(all.end(), end.audit.troubles.begin(), end.audit.troubles.end());
  return all;
}

bool BlastResult::all_proven() const {
  return std::all_of(cells.begin(), cells.end(),
                     [](const auto& one) { return !one.refusal.empty() || one.proven(); });
}

int BlastResult::exit_code() const {
  if (!problems().empty()) return 1;
  return all_proven() ? 0 : 3;
}

}  // namespace hailstorm::lab
