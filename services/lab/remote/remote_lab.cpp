#include "services/lab/remote/remote_lab.h"

#include <fmt/format.h>

#include "common/json/member_reader.h"

namespace hailstorm::lab {
namespace {

Error not_as_agreed(const std::string& what) {
  return {json::JsonErrc::bad_member, "the lab's answer has no " + what};
}

Status read_lane(const json::Value& document, const char* name, LaneCounts& lane) {
  const auto* found = document.find(name);
  if (found == nullptr) return not_as_agreed(name);
  json::MemberReader reader(*found);
  reader.required("requested", lane.requested).required("accepted", lane.accepted);
  reader.required("settled", lane.settled).required("lost", lane.lost);
  reader.required("duplicated", lane.duplicated).required("orphaned", lane.orphaned);
  return reader.status();
}

/// A line for each of `names` in `document`'s object `section` that is not 0.
void note(const json::Value& document, const char* section,
          std::initializer_list<const char*> names, std::vector<std::string>& troubles) {
  const auto* object = document.find(section);
  if (object == nullptr) return;
  for (const char* name : names) {
    int64_t count = 0;
    json::MemberReader(*object).optional(name, count);
    if (count != 0) troubles.push_back(fmt::format("{}.{} is {}", section, name, count));
  }
}

/// Single rides of the log lane that are not as they should be.
void note_rides(const json::Value& document, std::vector<std::string>& troubles) {
  const auto* list = document.find("offences");
  if (list == nullptr || list->elements() == nullptr) return;
  for (const auto& one : *list->elements()) {
    std::string lane, word, ride, why;
    json::MemberReader reader(one);
    reader.required("lane", lane).required("word", word);
    reader.required("ride_id", ride).required("why", why);
    if (reader.ok() && lane == "log") {
      troubles.push_back(fmt::format("ride {} is {}: {}", ride, word, why));
    }
  }
}

json::Value to_json(const LaneCounts& lane) {
  return {{"requested", lane.requested},   {"accepted", lane.accepted},
          {"settled", lane.settled},       {"lost", lane.lost},
          {"duplicated", lane.duplicated}, {"orphaned", lane.orphaned}};
}

}  // namespace

Result<AuditCounts> audit_counts_of(const json::Value& document) {
  AuditCounts counts;
  HAIL_RETURN_IF_ERROR(read_lane(document, "log", counts.log));
  HAIL_RETURN_IF_ERROR(read_lane(document, "chain", counts.chain));
  note(document, "log", {"lost", "duplicated", "orphaned"}, counts.troubles);
  note(document, "stores", {"double_booked", "ledger_sum_cents", "altered_entries"},
       counts.troubles);
  note(document, "log_files", {"misordered", "corrupt"}, counts.troubles);
  if (!counts.troubles.empty()) note_rides(document, counts.troubles);
  return counts;
}

json::Value to_json(const AuditCounts& counts) {
  return {{"log", to_json(counts.log)},
          {"chain", to_json(counts.chain)},
          {"clean", counts.clean()},
          {"troubles", counts.troubles}};
}

Result<FaultState> RemoteLab::inject(const FaultRequest& request) {
  HAIL_ASSIGN_OR_RETURN(const auto answer, client_.post("/api/faults", to_json(request)));
  return fault_state_of(answer);
}

Result<std::vector<FaultState>> RemoteLab::faults() {
  HAIL_ASSIGN_OR_RETURN(const auto answer, client_.get("/api/faults"));
  const auto* list = answer.find("faults");
  if (list == nullptr || list->elements() == nullptr) return not_as_agreed("faults");
  std::vector<FaultState> all;
  for (const auto& element : *list->elements()) {
    HAIL_ASSIGN_OR_RETURN(auto state, fault_state_of(element));
    all.push_back(std::move(state));
  }
  return all;
}

Result<FaultState> RemoteLab::fault(const std::string& id) {
  HAIL_ASSIGN_OR_RETURN(const auto answer, client_.get("/api/faults/" + id));
  return fault_state_of(answer);
}

Status RemoteLab::revert(const std::string& id) {
  const auto answer = client_.remove("/api/faults/" + id);
  return answer.ok() ? Status() : Status(answer.error());
}

Status RemoteLab::revert_all() {
  const auto answer = client_.post("/api/faults/reset", json::Value::object());
  return answer.ok() ? Status() : Status(answer.error());
}

Status RemoteLab::ride(double rides_per_second) {
  const auto answer = client_.put("/api/traffic", json::Value{{"rate", rides_per_second}});
  return answer.ok() ? Status() : Status(answer.error());
}

Status RemoteLab::ride(double rides_per_second, const std::vector<std::string>& lanes) {
  const auto answer =
      client_.put("/api/traffic", json::Value{{"rate", rides_per_second}, {"lanes", lanes}});
  return answer.ok() ? Status() : Status(answer.error());
}

Result<Snapshot> RemoteLab::look() {
  HAIL_ASSIGN_OR_RETURN(const auto frame, client_.get("/api/state"));
  return snapshot_of(frame);
}

Result<AuditCounts> RemoteLab::audit() {
  HAIL_ASSIGN_OR_RETURN(const auto document, client_.get("/api/audit"));
  return audit_counts_of(document);
}

}  // namespace hailstorm::lab
