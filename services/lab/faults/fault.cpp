#include "services/lab/faults/fault.h"

#include <fmt/format.h>
#include <optional>

#include "common/base/duration_text.h"
#include "common/base/enum_name.h"
#include "common/json/member_reader.h"

namespace hailstorm::lab {
namespace {

Error bad_request(std::string why) { return {FaultErrc::bad_request, std::move(why)}; }

template <class Enum>
std::optional<Enum> named(std::string_view name, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const auto one = static_cast<Enum>(i);
    if (enum_name(one) == name) return one;
  }
  return {};
}

std::string all_actions() {
  std::string all;
  for (int i = 0; i <= static_cast<int>(FaultAction::redeliver); ++i) {
    all += (all.empty() ? "" : ", ") + std::string(enum_name(static_cast<FaultAction>(i)));
  }
  return all;
}

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
  if (!reader.ok()) return bad_request(reader.status().error().message());
  const auto known = named(action, FaultAction::redeliver);
  if (!known) {
    return bad_request(fmt::format("action is \"{}\": give one of {}", action, all_actions()));
  }
  request.action = *known;
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
  reader.required("asked_at_ms", state.asked_at_ms);
  reader.required("injected_at_ms", state.injected_at_ms);
  reader.required("proven_at_ms", state.proven_at_ms);
  reader.required("reverted_at_ms", state.reverted_at_ms);
  reader.required("proven_off_at_ms", state.proven_off_at_ms);
  reader.required("reverts_at_ms", state.reverts_at_ms);
  reader.required("evidence", state.evidence);
  if (!reader.ok()) return bad_request(reader.status().error().message());
  const auto known = named(phase, FaultPhase::proven_off);
  if (!known) return bad_request(fmt::format("phase is \"{}\"", phase));
  state.phase = *known;
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
  document.add("asked_at_ms", state.asked_at_ms);
  document.add("injected_at_ms", state.injected_at_ms);
  document.add("proven_at_ms", state.proven_at_ms);
  document.add("reverted_at_ms", state.reverted_at_ms);
  document.add("proven_off_at_ms", state.proven_off_at_ms);
  document.add("reverts_at_ms", state.reverts_at_ms);
  document.add("evidence", state.evidence);
  document.add("details", state.details);
  return document;
}

}  // namespace hailstorm::lab
