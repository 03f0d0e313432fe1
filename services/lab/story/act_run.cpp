#include "services/lab/story/act_run.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "common/base/enum_name.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;
constexpr int64_t kCatchUpWithinMs = 120'000;

double seconds(int64_t from_ms, int64_t to_ms) {
  return static_cast<double>(to_ms - from_ms) / 1e3;
}

}  // namespace

std::string_view name_of(ActErrc code) { return enum_name(code); }

ActRun::ActRun(Act act, Share share, const StorySettings& settings, Platform& platform,
               FaultDesk& desk, const Clock& clock)
    : settings_(settings),
      platform_(platform),
      clock_(clock),
      share_(share),
      riders_("riders-" + act.name),
      answers_(settings.answers_of(act.name)),
      faults_(act.faults, desk) {
  result_.act = std::move(act);
}

std::string_view ActRun::phase() const {
  switch (phase_) {
    case Phase::riding:
      return "riding";
    case Phase::fault_on:
      return "fault on";
    case Phase::restored:
      return "restored";
    case Phase::draining:
      return "catching up";
    case Phase::done:
      return "done";
  }
  return "unknown";
}

std::vector<std::string> ActRun::riders_argv() const {
  const PlatformSettings platform = settings_.platform();
  std::vector<std::string> argv = {(platform.programs / "hail-traffic").string(),
                                   "--gateway",
                                   gateway_url(platform),
                                   "--trips",
                                   platform.pickups.empty() ? "none" : platform.pickups,
                                   "--rides",
                                   std::to_string(share_.count),
                                   "--first-ride",
                                   std::to_string(settings_.first_ride + share_.first),
                                   "--seed",
                                   std::to_string(settings_.seed),
                                   "--out",
                                   settings_.answers_of(result_.act.name),
                                   "--act",
                                   result_.act.name};
  const auto add = [&argv](const char* flag, const std::optional<double>& value) {
    if (value) argv.insert(argv.end(), {flag, fmt::format("{}", *value)});
  };
  add("--speedup", settings_.speedup);
  add("--rate", settings_.rate);
  return argv;
}

Status ActRun::begin() { return platform_.run(riders_, riders_argv()); }

void ActRun::read_answers() {
  for (const Answer& answer : answers_.read_new()) {
    (answer.lane == events::Lane::chain ? result_.chain : result_.log).add(answer);
  }
}

void ActRun::watch_lag(const PlatformSample& sample) {
  const int64_t lag = sample.lag();
  result_.peak_lag = std::max(result_.peak_lag, lag);
  if (phase_ == Phase::riding) usual_lag_ = std::max(usual_lag_, lag);
  if (reverted_at_ms_ == 0 || lag_is_usual_again_) return;
  // A sample that began before the restore does not show it.
  if (sample.at_ms < reverted_at_ms_ || !sample.lag_known || !sample.all_ready()) return;
  if (lag > usual_lag_) return;
  lag_is_usual_again_ = true;
  result_.catch_up_s = seconds(reverted_at_ms_, sample.at_ms);
}

Status ActRun::inject() {
  injected_at_ms_ = clock_.steady_ms();
  phase_ = Phase::fault_on;
  return faults_.inject();
}

Status ActRun::revert() {
  const int64_t began_ms = clock_.steady_ms();
  HAIL_RETURN_IF_ERROR(faults_.revert());
  phase_ = Phase::restored;
  reverted_at_ms_ = clock_.steady_ms();
  result_.fault_seconds = seconds(injected_at_ms_, began_ms);
  return {};
}

Status ActRun::end_of_riders(const PlatformSample& sample) {
  const ProcessInfo* riders = sample.find_other(riders_);
  if (riders == nullptr || riders->state != ProcessState::exited) return {};
  read_answers();
  if (riders->exit_code != 0 || result_.log.requested() < share_.count) {
    return Error(ActErrc::riders_failed,
                 fmt::format("the riders stopped after {} of {} rides; see {}",
                             result_.log.requested(), share_.count,
                             (fs::path(settings_.data) / "lab" / (riders_ + ".log")).string()));
  }
  riders_ended_at_ms_ = clock_.steady_ms();
  return {};
}

Status ActRun::drain(const PlatformSample& sample) {
  // Twice in a row, with nothing handled in between: a ride between two services shows in neither.
  const bool quiet = sample.quiet() && sample.at_ms >= riders_ended_at_ms_;
  if (quiet && was_quiet_ && sample.events() == quiet_events_) {
    phase_ = Phase::done;
    result_.caught_up = true;
    result_.drained_s = seconds(std::max(reverted_at_ms_, riders_ended_at_ms_), quiet_since_ms_);
    return {};
  }
  if (quiet) quiet_since_ms_ = sample.at_ms;
  was_quiet_ = quiet;
  quiet_events_ = sample.events();
  if (clock_.steady_ms() - riders_ended_at_ms_ < kCatchUpWithinMs) return {};
  return Error(ActErrc::never_caught_up,
               fmt::format("{} s after the last ride the log lane's lag is still {}; {}",
                           kCatchUpWithinMs / 1000, sample.lag(), sample.why_not_ready()));
}

Status ActRun::step(const PlatformSample& sample) {
  read_answers();
  watch_lag(sample);
  const bool faulty = !result_.act.faults.empty();
  const int64_t answered = result_.log.requested();
  if (phase_ == Phase::riding && faulty && answered >= share_.count / 4) return inject();
  if (phase_ == Phase::fault_on && answered >= share_.count - share_.count / 4) {
    return revert();
  }
  if (riders_ended_at_ms_ == 0) HAIL_RETURN_IF_ERROR(end_of_riders(sample));
  if (riders_ended_at_ms_ == 0 || phase_ == Phase::fault_on) return {};
  if (phase_ != Phase::draining && (phase_ == Phase::restored || !faulty)) phase_ = Phase::draining;
  return phase_ == Phase::draining ? drain(sample) : Status();
}

}  // namespace hailstorm::lab
