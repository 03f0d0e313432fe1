#include "services/lab/faults/fault.h"

#include <array>
#include <fmt/format.h>

#include "common/base/duration_text.h"
#include "common/base/enum_name.h"
#include "common/json/member_reader.h"

namespace hailstorm::lab {
namespace {

Error bad_request(std::string why) { return {FaultErrc::bad_request, std::move(why)}; }

/// The constant that `name` is the name of.
template <class Enum>
Result<Enum> named(std::string_view member, std::string_view name, Enum last) {
  std::string all;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const auto one = static_cast<Enum>(i);
    if (name_of(one) == name) return one;
    all += (all.empty() ? "" : ", ") + std::string(name_of(one));
  }
  return bad_request(fmt::format("{} is \"{}\": give one of {}", member, name, all));
}

Status read_all(const json::MemberReader& reader) {
  if (reader.ok()) return {};
  return bad_request(reader.status().error().message());
}

/// The times of a fault, by the names of their members.
struct TimeMember {
  const char* name;
  int64_t FaultState::*at_ms;
};
constexpr std::array kTimes = {
    TimeMember{"asked_at_ms", &FaultState::asked_at_ms},
    TimeMember{"injected_at_ms", &FaultState::injected_at_ms},
    TimeMember{"proven_at_ms", &FaultState::proven_at_ms},
    TimeMember{"reverted_at_ms", &FaultState::reverted_at_ms},
    TimeMember{"proven_off_at_ms", &FaultState::proven_off_at_ms},
    TimeMember{"reverts_at_ms", &FaultState::reverts_at_ms},
};

json::Value attributes_in(const json::Value& document) {
  const auto* found = document.find("attributes");
  return found == nullptr ? json::Value::object() : *found;
}

}  // namespace

std::string_view name_of(FaultAction action) { return enum_name(action); }
std::string_view name_of(FaultPhase phase) { return enum_name(phase); }
std::string_view name_of(FaultErrc code) { return enum_name(code); }

Result<int64_t> duration_ms_of(std::string_view text) {
  if (const auto duration_ms = parse_duration(text)) return *duration_ms;
  return bad_request(
      fmt::format("duration is \"{}\": give a number and ms, s, m or h, up to 24h", text));
}

std::string duration_text(int64_t duration_ms) { return hailstorm::duration_text(duration_ms); }

Result<FaultPhase> fault_phase_of(std::string_view name) {
  return named("phase", name, FaultPhase::proven_off);
}

Result<FaultRequest> fault_request_of(const json::Value& document) {
  FaultRequest request;
  std::string action;
  std::string duration;
  json::MemberReader reader(document);
  reader.required("target", request.target);
  reader.required("action", action);
  reader.required("duration", duration);
  reader.optional("id", request.id);
  reader.optional("seed", request.seed);
  reader.optional("by", request.by);
  HAIL_RETURN_IF_ERROR(read_all(reader));
  HAIL_ASSIGN_OR_RETURN(request.action, named("action", action, FaultAction::redeliver));
  HAIL_ASSIGN_OR_RETURN(request.duration_ms, duration_ms_of(duration));
  request.attributes = attributes_in(document);
  if (request.attributes.members() == nullptr) return bad_request("attributes is no object");
  return request;
}

Result<FaultState> fault_state_of(const json::Value& document) {
  FaultState state;
  HAIL_ASSIGN_OR_RETURN(state.request, fault_request_of(document));
  std::string phase;
  json::MemberReader reader(document);
  reader.required("phase", phase);
  for (const auto& [name, at_ms] : kTimes) reader.required(name, state.*at_ms);
  reader.required("evidence", state.evidence);
  HAIL_RETURN_IF_ERROR(read_all(reader));
  HAIL_ASSIGN_OR_RETURN(state.phase, fault_phase_of(phase));
  if (const auto* details = document.find("details")) state.details = *details;
  return state;
}

json::Value to_json(const FaultRequest& request) {
  return {{"id", request.id},
          {"target", request.target},
          {"action", name_of(request.action)},
          {"duration", duration_text(request.duration_ms)},
          {"attributes", request.attributes},
          {"seed", request.seed},
          {"by", request.by}};
}

json::Value to_json(const FaultState& state) {
  json::Value document = to_json(state.request);
  document.add("phase", name_of(state.phase));
  for (const auto& [name, at_ms] : kTimes) document.add(name, state.*at_ms);
  document.add("evidence", state.evidence);
  document.add("details", state.details);
  return document;
}

}  // namespace hailstorm::lab
