#include <filesystem>
#include <fmt/format.h>
#include <iostream>
#include <string>
#include <system_error>

#include "common/base/clock.h"
#include "common/base/logging.h"
#include "common/base/options.h"
#include "common/base/output_file.h"
#include "common/base/run_main.h"
#include "common/base/stop_signal.h"
#include "services/traffic/answers_file.h"
#include "services/traffic/claim.h"
#include "services/traffic/schedule.h"
#include "services/traffic/sender.h"
#include "services/traffic/settings.h"
#include "services/traffic/trips.h"

using namespace hailstorm;

namespace {

traffic::Schedule schedule_of(const traffic::Settings& settings, const city::Trip& first) {
  return settings.speedup ? traffic::Schedule::at_speedup(*settings.speedup, first.requested_at_ms)
                          : traffic::Schedule::at_rate(settings.rides_per_second());
}

traffic::SenderSettings sender_settings(const traffic::Settings& settings) {
  traffic::SenderSettings sender;
  sender.gateway = http::parse_address(settings.gateway).value();
  sender.lanes = settings.chosen_lanes();
  sender.act = settings.act;
  sender.seed = settings.seed;
  sender.first_ride = settings.first_ride;
  sender.retries = settings.retries;
  return sender;
}

Status check_trips(const traffic::TripSource& source, const traffic::Settings& settings) {
  return source.check_trips(settings.first_ride + settings.ride_count());
}

/// Checks the file for the answers, then claims rides that no other process has sent.
Status claim(traffic::Settings& settings) {
  std::error_code unreadable;  // what cannot be looked at cannot be opened either
  const bool is_folder = std::filesystem::is_directory(settings.out, unreadable);
  const auto writable = OutputFile::check(is_folder ? settings.out + "/rides.jsonl" : settings.out);
  if (!writable.ok()) return Error(writable.error()).in("--out");
  if (!settings.claims.empty()) {
    HAIL_ASSIGN_OR_RETURN(settings.first_ride,
                          traffic::claim_rides(settings.claims, settings.ride_count()));
  }
  if (is_folder) {
    settings.out += fmt::format("/rides-{:08}.jsonl", settings.first_ride);
  }
  log_info("riding", {{"seed", settings.seed},
                      {"first_ride", settings.first_ride},
                      {"rides", settings.ride_count()},
                      {"answers", settings.out}});
  return {};
}

int run(int argc, char** argv) {
  const std::string program = "hail-traffic";
  StopSignal stop;
  Options options(program, "Riders: sends every trip to both lanes at the same moment.");
  traffic::Settings settings;
  settings.add_to(options);
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;
  if (const auto usable = settings.check_values(); !usable) {
    return usage_error(program, usable.error().message());
  }
  const auto source =
      traffic::TripSource::open(settings.trips, [&stop] { return stop.requested(); });
  if (!source) {
    const int code = usage_error(program, "--trips: " + source.error().message());
    return source.error().is(city::CityErrc::stopped) ? stop.exit_code() : code;
  }
  if (const auto enough = check_trips(*source, settings); !enough) {
    return usage_error(program, "--trips: " + enough.error().message());
  }
  if (settings.check) {
    std::cerr << source->skipped_rows();
    std::cout << source->summary(settings.ride_count()) << "\n";
    return 0;
  }

  if (auto begun = settings.log.begin("traffic"); !begun.ok()) {
    return usage_error(program, begun.error().message());
  }
  if (source->skipped().count() > 0) {
    log_warn("rows of the trips file were skipped",
             {{"file", settings.trips}, {"rows", source->skipped().text()}});
  }
  auto claimed = claim(settings);
  if (claimed.ok()) claimed = check_trips(*source, settings);
  if (!claimed) return usage_error(program, claimed.error().message());
  auto answers = traffic::AnswersFile::open(settings.out);
  if (!answers) return usage_error(program, answers.error().message());
  const SystemClock clock;
  traffic::Sender sender(sender_settings(settings), **answers, clock);
  const auto trips = source->trips(static_cast<uint64_t>(settings.seed), settings.first_ride,
                                   settings.ride_count());
  const auto totals = sender.run(trips, schedule_of(settings, trips.front()), stop);
  const auto written = (*answers)->close();
  if (!written) {
    log_error("answers were lost", {written.error()});
    return 1;
  }
  log_info("all riders have their answers", {{"sent", totals.sent},
                                             {"accepted", totals.accepted},
                                             {"refused", totals.refused},
                                             {"unanswered", totals.unanswered},
                                             {"max_late_ms", totals.max_late_ms}});
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return run_main({.name = "hail-traffic"}, argc, argv, run); }
