#include "services/lab/story/story.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <optional>

#include "common/base/clock.h"
#include "common/base/enum_name.h"
#include "common/base/run_main.h"
#include "services/lab/audit/audit_text.h"
#include "services/lab/platform/errors.h"
#include "services/lab/platform/platform.h"
#include "services/lab/platform/ports.h"
#include "services/lab/screen/screen.h"
#include "services/lab/serve/fault_desk.h"
#include "services/lab/serve/lab.h"
#include "services/lab/story/act_run.h"
#include "services/lab/story/act_table.h"
#include "services/lab/story/first_settled.h"
#include "services/lab/story/live_table.h"
#include "services/lab/story/report.h"
#include "services/lab/story/trips.h"
#include "services/traffic/claim.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kProgram = "hail-lab story";
constexpr int kSampleEveryMs = 100;
constexpr int kLookForFirstEveryMs = 20;
constexpr int64_t kReadyWithinMs = 60'000;
constexpr double kKeptRate = 40;

enum class StoryErrc { stopped };
std::string_view name_of(StoryErrc code) { return enum_name(code); }
Error stopped() { return {StoryErrc::stopped, "stopped by a signal"}; }

class Story {
 public:
  Story(const StorySettings& settings, TripsSummary trips, const Clock& clock, StopSignal& stop)
      : settings_(settings),
        stop_(stop),
        clock_(clock),
        first_settled_(settings.data, clock),
        platform_(settings.platform(), clock),
        faults_(platform_) {
    result_.seed = settings.seed;
    result_.rides = settings.rides;
    result_.alone = !settings.agents;
    result_.trips = std::move(trips);
  }

  /// Gives the exit code.
  int play() {
    const Status played = play_acts();
    if (!played.ok() && played.error().is(StoryErrc::stopped)) return stopped_by_user();
    if (!played.ok()) {
      result_.add_trouble(played.error().message());
      screen_.say("The story ends early: " + played.error().message());
    }
    const int code = conclude();
    if (settings_.keep && played.ok()) stay_up();
    lab_.reset();
    platform_.stop();
    screen_.say(settings_.agents ? "The platform goes on."
                                 : "Everything is stopped. The data is kept in " + settings_.data);
    return code;
  }

 private:
  Status play_acts() {
    HAIL_ASSIGN_OR_RETURN(const auto acts, scenario());
    screen_.say(settings_.agents
                    ? "The platform runs in containers; its data are in " + settings_.data
                    : "Starting the platform in " + settings_.data);
    first_settled_.begin();
    started_ms_ = clock_.steady_ms();
    HAIL_RETURN_IF_ERROR(platform_.start());
    if (!settings_.agents) HAIL_RETURN_IF_ERROR(open_lab());
    HAIL_RETURN_IF_ERROR(await_answers());
    const auto shares = share_evenly(settings_.rides, static_cast<int64_t>(acts.size()));
    for (size_t i = 0; i < acts.size(); ++i) {
      screen_.say(fmt::format("\nAct {} of {}: {}", i + 1, acts.size(), acts[i].title));
      HAIL_RETURN_IF_ERROR(play_act(acts[i], shares[i]));
    }
    return {};
  }

  /// Containers have a lab of their own.
  Status open_lab() {
    lab_.emplace(platform_, LabSettings{.claims = settings_.claims}, clock_);
    lab_->traffic().reserve("the story");
    HAIL_RETURN_IF_ERROR(lab_->start());
    screen_.say("Watch and break it: " + lab_->page_url());
    screen_.say("Join it with any Kafka client: kcat -b " + kafka_address(platform_.settings()) +
                " -L");
    return {};
  }

  /// Until every process answers. The groups may still be forming: the log lane can do without.
  Status await_answers() {
    for (;;) {
      HAIL_ASSIGN_OR_RETURN(const PlatformSample sample, look());
      if (sample.all_answer()) return {};
      if (stop_.wait_for(10)) return stopped();
      if (clock_.steady_ms() - started_ms_ > kReadyWithinMs) {
        return Error(PlatformErrc::not_ready,
                     fmt::format("the platform was not ready within {} s; see {}/lab",
                                 kReadyWithinMs / 1000, settings_.data));
      }
    }
  }

  Status play_act(const Act& act, Share share) {
    ActRun run(act, share, settings_, platform_, faults_, clock_);
    HAIL_RETURN_IF_ERROR(run.begin());
    Status played;
    while (played.ok() && !run.done()) played = go_on(run);
    if (!played.ok() && settings_.agents) run.end_faults();  // containers outlive the story
    if (!played.ok() && played.error().is(StoryErrc::stopped)) return played;
    result_.acts.push_back(run.result());
    screen_.say(act_table(run.result()));
    for (const auto& why : run.not_proven()) {
      result_.add_trouble(why);
      screen_.say("  " + why);
    }
    return played;
  }

  /// One sample further.
  Status go_on(ActRun& run) {
    if (wait_for_next_sample()) return stopped();
    HAIL_ASSIGN_OR_RETURN(const PlatformSample sample, look());
    const Status stepped = run.step(sample);
    if (!run.done()) draw(run, sample);
    return stepped;
  }

  Result<PlatformSample> look() {
    auto sample = platform_.sample();
    if (sample.ok()) {
      const double rss_mb = static_cast<double>(sample->rss_kb) / 1024;
      result_.peak_rss_mb = std::max(result_.peak_rss_mb, rss_mb);
      for (const auto& one : sample->processes) {
        double& peak_mb = result_.peak_rss_mb_of[one.process.name];
        peak_mb = std::max(peak_mb, static_cast<double>(one.process.rss_kb) / 1024);
      }
    }
    return sample;
  }

  void draw(const ActRun& run, const PlatformSample& sample) {
    if (screen_.is_terminal()) {
      screen_.show(live_table(run, sample));
    } else {
      screen_.progress(live_line(run, sample), sample.at_ms);
    }
  }

  /// True when a stop was requested. Meanwhile looks for the first settled ride.
  bool wait_for_next_sample() {
    if (first_settled_.at_ms()) return stop_.wait_for(kSampleEveryMs);
    for (int waited_ms = 0; waited_ms < kSampleEveryMs; waited_ms += kLookForFirstEveryMs) {
      if (stop_.wait_for(kLookForFirstEveryMs)) return true;
      first_settled_.look();
      if (!first_settled_.at_ms()) continue;
      const int64_t after_ms = *first_settled_.at_ms() - started_ms_;
      result_.first_settled_s = static_cast<double>(after_ms) / 1e3;
      return false;
    }
    return false;
  }

  int stopped_by_user() {
    screen_.say("Stopping everything");
    lab_.reset();
    platform_.stop();
    screen_.say("Stopped before the end. The data is kept in " + settings_.data);
    return stop_.exit_code();
  }

  /// Audit, verdict, report.
  int conclude() {
    auto audited = audit(settings_.data, settings_.agents ? Riders::also_others : Riders::recorded);
    if (audited.ok()) {
      result_.audit = std::move(*audited);
      screen_.say("\nThe audit, from the log and every store");
      screen_.say(to_text(result_.audit));
    } else {
      result_.add_trouble(audited.error().message());
      screen_.say("The audit failed: " + audited.error().message());
    }
    screen_.say(fmt::format("From start to the first settled ride: {}. Peak memory: {:.0f} MB.",
                            result_.first_settled_s
                                ? fmt::format("{:.2f} s", *result_.first_settled_s)
                                : "there was none",
                            result_.peak_rss_mb));
    screen_.say(verdict());
    if (settings_.report.empty()) return result_.holds() ? 0 : 1;
    if (auto written = write_report(result_, settings_.report); !written.ok()) {
      screen_.say(written.error().message());
      return 1;
    }
    screen_.say("The report is in " + settings_.report);
    return result_.holds() ? 0 : 1;
  }

  [[nodiscard]] std::string verdict() const {
    if (result_.holds()) {
      return "Verdict: holds. On the log lane every ride was accepted and settled, nothing was "
             "lost, "
             "duplicated or orphaned.";
    }
    const LaneAudit& log = result_.audit.log;
    return fmt::format(
        "Verdict: BROKEN. On the log lane {} of {} rides were accepted, {} lost, {} "
        "duplicated, {} orphaned.{}{}",
        log.accepted, result_.rides, log.lost, log.duplicated, log.orphaned, result_.log_failures(),
        result_.trouble.empty() ? "" : " " + result_.trouble);
  }

  void stay_up() {
    const PlatformSettings platform = settings_.platform();
    screen_.say(fmt::format("The platform stays up until Ctrl-C: gateway {}, log {}",
                            gateway_url(platform), broker_url(platform)));
    keep_riding();
    stop_.wait();
  }

  /// At a pace that one can follow on the page; it, or the API, may ask for another one.
  void keep_riding() {
    if (!lab_) return;
    TrafficControl& traffic = lab_->traffic();
    traffic.reserve("");
    TrafficOrder order = traffic.order();
    order.rate = kKeptRate;
    if (const Status asked = traffic.set(std::move(order)); asked.ok()) {
      screen_.say(
          fmt::format("Riders ask for {} rides a second; the page can change that.", kKeptRate));
    } else {
      screen_.say("No more riders: " + asked.error().message());
    }
  }

  const StorySettings& settings_;
  StopSignal& stop_;
  const Clock& clock_;
  Screen screen_;
  StoryResult result_;
  FirstSettled first_settled_;
  int64_t started_ms_ = 0;
  Platform platform_;
  FaultDesk faults_;
  std::optional<Lab> lab_;  // last: it is destroyed first
};

/// Makes the data folder, and claims the story's rides; gives what is wrong, empty when nothing is.
std::string prepare(StorySettings& settings) {
  if (auto wrong = make_data_folder(settings); !wrong.empty()) return wrong;
  // Riders that the lab sends after the story ask for other rides.
  if (settings.claims.empty() && !settings.agents)
    settings.claims = settings.data + "/traffic/claimed";
  if (settings.claims.empty()) return {};
  const auto first = traffic::claim_rides(settings.claims, settings.rides);
  if (!first.ok()) return first.error().message();
  settings.first_ride = *first;
  return {};
}

int refuse_trips(const Error& error, const StopSignal& stop) {
  const int code = usage_error(kProgram, "--trips: " + error.message());
  return error.is(city::CityErrc::stopped) ? stop.exit_code() : code;
}

}  // namespace

int run_story(StorySettings settings, const Clock& clock, StopSignal& stop) {
  if (const auto wrong = settings.check(); !wrong.empty()) return usage_error(kProgram, wrong);
  const auto stopped = [&stop] { return stop.requested(); };
  Result<TripsSummary> trips = TripsSummary();
  // A file with a fault is refused before there is a folder; a pipe needs the folder for its copy,
  // and claims say only then how many rides the file must give.
  const bool read_later = is_read_once(settings.trips) || !settings.claims.empty();
  if (!is_read_once(settings.trips)) trips = read_trips(settings, stopped);
  if (!trips.ok()) return refuse_trips(trips.error(), stop);
  if (!settings.agents) {
    const auto free = check_ports(static_cast<int>(settings.base_port));
    if (!free.ok()) return usage_error(kProgram, free.error().message());
  }
  if (const auto wrong = prepare(settings); !wrong.empty()) return usage_error(kProgram, wrong);
  if (read_later) trips = read_trips(settings, stopped);
  if (!trips.ok()) return refuse_trips(trips.error(), stop);
  Screen().say(trips->text());
  Screen().say(trips->remarks);
  if (is_output_lost()) return usage_error(kProgram, "cannot write to standard output");
  return Story(settings, std::move(*trips), clock, stop).play();
}

}  // namespace hailstorm::lab
