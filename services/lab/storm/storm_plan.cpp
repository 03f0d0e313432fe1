#include "services/lab/storm/storm_plan.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "common/base/enum_name.h"
#include "services/city/draw.h"
#include "services/lab/remote/fault_kinds.h"

namespace hailstorm::lab {
namespace {

struct Span {
  int64_t least_ms;
  int64_t most_ms;
};
constexpr Span kFault = {500, 3'000};
constexpr Span kBetween = {200, 1'000};
constexpr Span kKilled = {50, 300};
constexpr Span kBetweenKills = {20, 200};
constexpr int64_t kRestMs = 1'500;  // of a target after its fault
constexpr int64_t kTryAgainMs = 100;

/// A kind with what it can hit.
struct Choice {
  FaultAction action;
  std::vector<std::string> targets;
};

Result<std::vector<Choice>> choices_of(const StormRequest& request) {
  auto kinds = request.kinds.empty() ? usual_actions() : request.kinds;
  if (request.kills > 0) kinds = {FaultAction::kill};
  std::vector<Choice> choices;
  for (const auto kind : kinds) {
    Choice choice = {kind, targets_of(kind)};
    std::erase_if(choice.targets, [&](const std::string& name) {
      const auto& chosen = request.targets;
      return !chosen.empty() && std::find(chosen.begin(), chosen.end(), name) == chosen.end();
    });
    if (!choice.targets.empty()) {
      choices.push_back(std::move(choice));
    } else if (!request.kinds.empty() && request.kills == 0) {  // it was asked for by name
      return Error(StormErrc::bad_request,
                   fmt::format("{} has no target among those chosen", name_of(kind)));
    }
  }
  if (choices.empty()) return Error(StormErrc::bad_request, "no fault has any of these targets");
  return choices;
}

class Planner {
 public:
  Planner(const StormRequest& request, std::vector<Choice> choices)
      : request_(request),
        choices_(std::move(choices)),
        draw_(request.seed, 0),
        free_at_ms_(std::max<size_t>(1, request.at_once)) {
    for (auto& at_ms : free_at_ms_) at_ms = between(kBetween);
  }

  std::vector<PlannedFault> plan() {
    while (!is_over()) add_one();
    std::stable_sort(plan_.begin(), plan_.end(),
                     [](const auto& a, const auto& b) { return a.at_ms < b.at_ms; });
    return std::move(plan_);
  }

 private:
  [[nodiscard]] bool only_kills() const { return request_.kills > 0; }
  [[nodiscard]] bool is_over() {
    if (only_kills()) return std::ssize(plan_) >= request_.kills;
    return next_place() + kFault.least_ms >= request_.length_ms;
  }
  /// When the next fault may begin.
  int64_t& next_place() { return *std::min_element(free_at_ms_.begin(), free_at_ms_.end()); }
  int64_t between(Span span) {
    const auto width = static_cast<uint64_t>(span.most_ms - span.least_ms + 1);
    return span.least_ms + static_cast<int64_t>(draw_.below(width));
  }

  void add_one() {
    int64_t& place_ms = next_place();
    const int64_t at_ms = place_ms;
    const Choice& choice = choices_[draw_.below(choices_.size())];
    std::vector<std::string> rested;
    for (const auto& name : choice.targets) {
      if (busy_until_ms_[name] <= at_ms) rested.push_back(name);
    }
    if (rested.empty()) {
      place_ms += kTryAgainMs;
      return;
    }
    PlannedFault fault;
    fault.at_ms = at_ms;
    fault.request.target = rested[draw_.below(rested.size())];
    fault.request.action = choice.action;
    fault.request.duration_ms = between(only_kills() ? kKilled : kFault);
    if (!only_kills()) {
      fault.request.duration_ms = std::min(fault.request.duration_ms, request_.length_ms - at_ms);
    }
    fault.request.seed = draw_.next() >> 12;  // exact as a JSON number everywhere
    fault.request.attributes = draw_attributes(choice.action);
    fault.request.by = fmt::format("storm of seed {}", request_.seed);
    const int64_t end_ms = at_ms + fault.request.duration_ms;
    busy_until_ms_[fault.request.target] = end_ms + (only_kills() ? 0 : kRestMs);
    place_ms = end_ms + between(only_kills() ? kBetweenKills : kBetween);
    plan_.push_back(std::move(fault));
  }

  json::Value draw_attributes(FaultAction action) {
    auto attributes = usual_attributes(action);
    const auto draw = [&](const char* name, int64_t least, int64_t most) {
      attributes.set(name, between({least, most}));
    };
    if (action == FaultAction::slow) draw("share_percent", 5, 60);
    if (action == FaultAction::latency) draw("latency_ms", 20, 300);
    if (action == FaultAction::bandwidth) draw("rate_kb_s", 1, 64);
    if (action == FaultAction::limit_data) draw("bytes", 200, 20'000);
    return attributes;
  }

  const StormRequest& request_;
  const std::vector<Choice> choices_;
  city::Draw draw_;
  std::vector<int64_t> free_at_ms_;  // one for each fault that may be on at a time
  std::map<std::string, int64_t> busy_until_ms_;
  std::vector<PlannedFault> plan_;
};

}  // namespace

std::string_view name_of(StormErrc code) { return enum_name(code); }

Result<std::vector<PlannedFault>> plan_storm(const StormRequest& request) {
  HAIL_ASSIGN_OR_RETURN(auto choices, choices_of(request));
  return Planner(request, std::move(choices)).plan();
}

std::string to_text(const std::vector<PlannedFault>& plan) {
  std::string text;
  for (const auto& one : plan) {
    text +=
        fmt::format("{:>9.3f} s  {:<11} {:<24} {:>7}  {}\n", static_cast<double>(one.at_ms) / 1e3,
                    name_of(one.request.action), one.request.target,
                    duration_text(one.request.duration_ms), json::to_text(one.request.attributes));
  }
  return text;
}

}  // namespace hailstorm::lab
