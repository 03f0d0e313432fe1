#include "services/lab/story/act_faults.h"

#include <fmt/format.h>
#include <utility>

#include "common/json/member_reader.h"

namespace hailstorm::lab {
namespace {

constexpr int64_t kLeaseMs = 3'600'000;

std::string words_for(const FaultRequest& request) {
  return fmt::format("{} of {}", name_of(request.action), request.target);
}

}  // namespace

Result<FaultState> fault_in_answer(const http::Response& answer) {
  HAIL_ASSIGN_OR_RETURN(const auto document, json::parse(answer.body));
  if (answer.status < 300) return fault_state_of(document);
  std::string detail = answer.body;
  json::MemberReader(document).optional("detail", detail);
  return Error(FaultErrc::failed, detail);
}

std::string why_not_proven(const FaultState& state) {
  if (state.proven_at_ms != 0) return {};
  return fmt::format("{} was not proven ({})", words_for(state.request), state.evidence);
}

Status ActFaults::inject() {
  for (auto& request : requests_) {
    request.duration_ms = kLeaseMs;
    request.by = "the story";
    const auto state = fault_in_answer(desk_.inject(request));
    if (!state.ok()) return Error(state.error()).in(words_for(request));
    on_.push_back(state->request.id);
    if (auto why = why_not_proven(*state); !why.empty()) not_proven_.push_back(std::move(why));
  }
  return {};
}

Status ActFaults::revert() {
  Status reverted;
  for (const auto& id : std::exchange(on_, {})) {
    const auto state = fault_in_answer(desk_.revert(id));
    if (!state.ok()) {
      reverted = Error(state.error()).in("the end of fault " + id);
    } else if (state->is_on()) {
      reverted = Error(FaultErrc::failed, fmt::format("{} does not end: {}",
                                                      words_for(state->request), state->evidence));
    }
  }
  return reverted;
}

}  // namespace hailstorm::lab
