#include "services/lab/incidents/incident.h"

#include <cmath>
#include <fmt/format.h>

#include "services/lab/views/recording_reader.h"

namespace hailstorm::lab {
namespace {

double accepted_share(const Snapshot& first, const Snapshot& last, const char* lane) {
  const auto begin = first.lanes.find(lane);
  const auto end = last.lanes.find(lane);
  if (end == last.lanes.end()) return 1;
  const SeenLane before = begin == first.lanes.end() ? SeenLane() : begin->second;
  const int64_t requested = end->second.requested - before.requested;
  if (requested <= 0) return 1;
  return static_cast<double>(end->second.accepted - before.accepted) /
         static_cast<double>(requested);
}

const char* verdict_of(const AuditCounts& audit) { return audit.clean() ? "clean" : "broken"; }

void compare(const char* lane, double recorded, double again, double tolerance_percent,
             std::vector<std::string>& all) {
  if (std::abs(recorded - again) * 100 <= tolerance_percent) return;
  all.push_back(fmt::format("the {} lane accepted {:.1f} %, {:.1f} % in the recording", lane,
                            again * 100, recorded * 100));
}

}  // namespace

IncidentOutcome outcome_between(const Snapshot& first, const Snapshot& last) {
  IncidentOutcome outcome;
  outcome.log_accepted = accepted_share(first, last, "log");
  outcome.chain_accepted = accepted_share(first, last, "chain");
  return outcome;
}

Result<Incident> read_incident(const std::filesystem::path& file) {
  HAIL_ASSIGN_OR_RETURN(auto reader, RecordingReader::open(file));
  Incident incident;
  incident.schedule = reader.schedule();
  std::optional<Snapshot> first;
  std::optional<Snapshot> last;
  for (;;) {
    HAIL_ASSIGN_OR_RETURN(const auto frame, reader.next_frame());
    if (!frame) break;
    HAIL_ASSIGN_OR_RETURN(last, snapshot_of(*frame));
    if (!first) first = last;
  }
  if (first) incident.outcome = outcome_between(*first, *last);
  if (reader.audit()) {
    HAIL_ASSIGN_OR_RETURN(incident.outcome.audit, audit_counts_of(*reader.audit()));
  }
  return incident;
}

std::vector<std::string> differences(const IncidentOutcome& recorded, const IncidentOutcome& again,
                                     double tolerance_percent) {
  std::vector<std::string> all;
  if (recorded.audit && again.audit && recorded.audit->clean() != again.audit->clean()) {
    all.push_back(fmt::format("the audit is {}, {} in the recording", verdict_of(*again.audit),
                              verdict_of(*recorded.audit)));
  }
  compare("log", recorded.log_accepted, again.log_accepted, tolerance_percent, all);
  compare("chain", recorded.chain_accepted, again.chain_accepted, tolerance_percent, all);
  return all;
}

}  // namespace hailstorm::lab
