#include "services/lab/views/schedule.h"

#include <fmt/format.h>

#include "common/json/member_reader.h"
#include "services/lab/views/errors.h"

namespace hailstorm::lab {
namespace {

constexpr int64_t kVersion = 1;

Error not_recording(const std::string& why) { return {ViewErrc::not_recording, why}; }

json::Value to_json(const TrafficChange& change) {
  json::Value document = {{"at_ms", change.at_ms}};
  const json::Value traffic = to_json(change.traffic);
  for (const auto& [name, value] : *traffic.members()) document.add(name, value);
  return document;
}

json::Value to_json(const RecordedFault& fault) {
  json::Value document = {
      {"at_ms", fault.at_ms}, {"fault", to_json(fault.request)}, {"phase", name_of(fault.phase)}};
  if (fault.reverted_at_ms) document.add("reverted_at_ms", *fault.reverted_at_ms);
  return document;
}

Result<TrafficChange> traffic_change_of(const json::Value& document) {
  TrafficChange change;
  json::MemberReader reader(document);
  if (!reader.required("at_ms", change.at_ms).ok()) {
    return not_recording("traffic: " + reader.status().error().message());
  }
  auto traffic = traffic_state_of(document);
  if (!traffic.ok()) return not_recording("traffic: " + traffic.error().message());
  change.traffic = std::move(*traffic);
  return change;
}

Result<RecordedFault> recorded_fault_of(const json::Value& document) {
  RecordedFault fault;
  std::string phase;
  json::MemberReader reader(document);
  reader.required("at_ms", fault.at_ms)
      .required("phase", phase)
      .optional("reverted_at_ms", fault.reverted_at_ms);
  if (!reader.ok()) return not_recording("faults: " + reader.status().error().message());
  const auto known = fault_phase_of(phase);
  if (!known.ok()) return not_recording("faults: " + known.error().message());
  fault.phase = *known;
  const json::Value* request = document.find("fault");
  if (request == nullptr) return not_recording("faults: \"fault\" is missing");
  auto asked = fault_request_of(*request);
  if (!asked.ok()) return not_recording("faults: " + asked.error().message());
  fault.request = std::move(*asked);
  return fault;
}

/// The elements of the member `name`, each read by `one`.
template <class T>
Status read_list(const json::Value& document, const char* name,
                 Result<T> (*one)(const json::Value&), std::vector<T>& into) {
  const json::Value* list = document.find(name);
  if (list == nullptr || list->elements() == nullptr) {
    return not_recording(fmt::format("\"{}\" is no list", name));
  }
  for (const json::Value& element : *list->elements()) {
    HAIL_ASSIGN_OR_RETURN(auto read, one(element));
    into.push_back(std::move(read));
  }
  return {};
}

}  // namespace

json::Value to_json(const Schedule& schedule) {
  json::Value traffic = json::Value::array();
  for (const TrafficChange& change : schedule.traffic) traffic.push_back(to_json(change));
  json::Value faults = json::Value::array();
  for (const RecordedFault& fault : schedule.faults) faults.push_back(to_json(fault));
  return {{"recording", kVersion},         {"run", schedule.run},
          {"begin_ms", schedule.begin_ms}, {"end_ms", schedule.end_ms},
          {"seed", schedule.seed},         {"platform", schedule.platform},
          {"traffic", std::move(traffic)}, {"faults", std::move(faults)}};
}

Result<Schedule> schedule_of(const json::Value& document) {
  Schedule schedule;
  int64_t version = 0;
  json::MemberReader reader(document);
  reader.required("recording", version)
      .required("run", schedule.run)
      .required("begin_ms", schedule.begin_ms)
      .required("end_ms", schedule.end_ms)
      .required("seed", schedule.seed);
  if (!reader.ok()) return not_recording(reader.status().error().message());
  if (version != kVersion) {
    return not_recording(fmt::format("its version is {}, not {}", version, kVersion));
  }
  if (const json::Value* platform = document.find("platform")) schedule.platform = *platform;
  HAIL_RETURN_IF_ERROR(read_list(document, "traffic", traffic_change_of, schedule.traffic));
  HAIL_RETURN_IF_ERROR(read_list(document, "faults", recorded_fault_of, schedule.faults));
  return schedule;
}

}  // namespace hailstorm::lab
