#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/lab/remote/remote_lab.h"
#include "services/lab/views/schedule.h"

namespace hailstorm::lab {

/// How a run of a platform ended. Ratios are of the rides that were answered meanwhile.
struct IncidentOutcome {
  double log_accepted = 1;
  double chain_accepted = 1;
  std::optional<AuditCounts> audit;
};

/// A recording, as far as it is needed to do the same again.
struct Incident {
  Schedule schedule;
  IncidentOutcome outcome;
};

/// Errors: those of RecordingReader.
[[nodiscard]] Result<Incident> read_incident(const std::filesystem::path& file);

/// The share of rides that each lane accepted between two frames.
[[nodiscard]] IncidentOutcome outcome_between(const Snapshot& first, const Snapshot& last);

/// In what the second run differs from the first, a line each; empty: the verdicts are the same.
/// `tolerance_percent`: how far the accepted shares of a lane may lie apart.
[[nodiscard]] std::vector<std::string> differences(const IncidentOutcome& recorded,
                                                   const IncidentOutcome& again,
                                                   double tolerance_percent);

}  // namespace hailstorm::lab
