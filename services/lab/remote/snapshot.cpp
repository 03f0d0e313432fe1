#include "services/lab/remote/snapshot.h"

#include <algorithm>
#include <utility>

#include "common/json/member_reader.h"

namespace hailstorm::lab {
namespace {

Error missing(const std::string& what) {
  return {json::JsonErrc::bad_member, "the frame's " + what + " is missing or of another kind"};
}

Result<SeenProcess> process_of(const json::Value& document) {
  SeenProcess one;
  json::MemberReader reader(document);
  reader.required("state", one.state).required("ready", one.ready);
  reader.optional("rate", one.rate).optional("lag", one.lag).optional("lag_s", one.lag_s);
  reader.optional("outbox", one.outbox).optional("dead_letters", one.dead_letters);
  HAIL_RETURN_IF_ERROR(reader.status());
  return one;
}

Result<SeenLane> lane_of(const json::Value& document) {
  SeenLane lane;
  json::MemberReader reader(document);
  reader.required("requested", lane.requested).required("accepted", lane.accepted);
  reader.required("failed", lane.failed).required("settled", lane.settled);
  reader.required("p50_ms", lane.p50_ms).required("p99_ms", lane.p99_ms);
  HAIL_RETURN_IF_ERROR(reader.status());
  return lane;
}

/// Each member of `frame`'s object `name`, read by `read`.
template <class T>
Status read_each(const json::Value& frame, const char* name, Result<T> (*read)(const json::Value&),
                 std::map<std::string, T>& into) {
  const auto* object = frame.find(name);
  if (object == nullptr || object->members() == nullptr) return missing(name);
  for (const auto& member : *object->members()) {
    auto one = read(member.value);
    if (!one.ok()) return std::move(one).error().in(std::string(name) + "." + member.name);
    into[member.name] = std::move(*one);
  }
  return {};
}

Status read_faults(const json::Value& frame, std::vector<FaultState>& faults) {
  const auto* all = frame.find("faults");
  const auto* list = all == nullptr ? nullptr : all->find("list");
  if (list == nullptr || list->elements() == nullptr) return missing("faults.list");
  for (const auto& element : *list->elements()) {
    HAIL_ASSIGN_OR_RETURN(auto state, fault_state_of(element));
    faults.push_back(std::move(state));
  }
  return {};
}

}  // namespace

bool Snapshot::is_quiet() const {
  return lag() == 0 && std::all_of(processes.begin(), processes.end(),
                                   [](const auto& one) { return one.second.works(); });
}

int64_t Snapshot::lag() const {
  int64_t sum = 0;
  for (const auto& [name, one] : processes) sum += one.lag + one.outbox;
  return sum;
}

Result<Snapshot> snapshot_of(const json::Value& frame) {
  Snapshot snapshot;
  json::MemberReader reader(frame);
  reader.required("seq", snapshot.seq).required("t_ms", snapshot.t_ms);
  HAIL_RETURN_IF_ERROR(reader.status());
  HAIL_RETURN_IF_ERROR(read_each(frame, "processes", process_of, snapshot.processes));
  HAIL_RETURN_IF_ERROR(read_each(frame, "lanes", lane_of, snapshot.lanes));
  HAIL_RETURN_IF_ERROR(read_faults(frame, snapshot.faults));
  if (const auto* traffic = frame.find("traffic")) {
    json::MemberReader(*traffic).optional("rate", snapshot.rides_per_second);
  }
  return snapshot;
}

}  // namespace hailstorm::lab
