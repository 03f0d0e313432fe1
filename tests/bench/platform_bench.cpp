// Measures the platform on the log lane alone and prints one JSON object. The workload of each
// figure is written beside it. Run it on a machine that does nothing else:
//
//     build/release/tests/platform_bench
//
// Two trees in turn, the programs of the other one given by their folder:
//
//     for round in 1 2 3; do
//       build/release/tests/platform_bench --only throughput --programs OTHER/build/release/bin
//       build/release/tests/platform_bench --only throughput
//     done

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/options.h"
#include "common/base/run_main.h"
#include "services/registry/services.h"
#include "tests/bench/clean_interrupt.h"
#include "tests/bench/room.h"
#include "tests/support/http_floods.h"
#include "tests/support/pace.h"
#include "tests/support/platform.h"
#include "tests/support/process_figures.h"

namespace hailstorm::testing {
namespace {

using nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

const std::vector<std::string> kReacting = registry::reacting_names();

/// Of the programs that are measured.
Platform::Options& platform_options() {
  static Platform::Options options;
  return options;
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double rounded(double value) { return std::round(value * 100) / 100; }

std::map<std::string, ProcessFigures> figures_of_all(const Platform& platform) {
  std::map<std::string, ProcessFigures> figures;
  for (const auto& [name, pid] : platform.pids()) figures[name] = figures_of(pid);
  return figures;
}

/// What each process held in memory at most.
ordered_json peak_rss_mb(const Platform& platform) {
  ordered_json by_process;
  double sum = 0;
  for (const auto& [name, figures] : figures_of_all(platform)) {
    by_process[name] = rounded(figures.peak_rss_mb);
    sum += figures.peak_rss_mb;
  }
  by_process["sum"] = rounded(sum);
  return by_process;
}

int64_t settled_rides(const Platform& platform) {
  return platform.number("analytics",
                         "SELECT count(*) FROM (SELECT 1 FROM counted WHERE lane='log' "
                         "GROUP BY ride_id HAVING count(*)=3)");
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto index = static_cast<size_t>(share * static_cast<double>(values.size() - 1));
  return values[index];
}

std::vector<double> latencies_ms(const Platform& platform) {
  std::vector<double> latencies;
  std::ifstream answers(platform.data() / "traffic" / "answers.jsonl");
  for (std::string line; std::getline(answers, line);) {
    latencies.push_back(ordered_json::parse(line).at("latency_ms").get<double>());
  }
  return latencies;
}

ordered_json rides_per_second() {
  constexpr int64_t kRides = 30'000;
  constexpr double kOffered = 10'000;
  Platform platform(platform_options());
  const auto before = figures_of_all(platform);
  const auto start = Clock::now();
  platform.ride(kRides, kOffered);
  platform.wait_for_riders();
  const double answered_s = seconds_since(start);
  platform.wait_until_settled();
  const double settled_s = seconds_since(start);
  ordered_json cpu_us_per_ride;
  for (const auto& [name, figures] : figures_of_all(platform)) {
    cpu_us_per_ride[name] =
        rounded((figures.cpu_s - before.at(name).cpu_s) * 1e6 / static_cast<double>(kRides));
  }
  return {{"workload", "30000 rides offered at 10000/s, log lane alone; until every lag is 0"},
          {"rides", kRides},
          {"accepted_per_s", rounded(kRides / answered_s)},
          {"settled_per_s", rounded(kRides / settled_s)},
          {"cpu_us_per_ride", cpu_us_per_ride},
          {"peak_rss_mb", peak_rss_mb(platform)},
          {"settled", platform.audit().settled}};
}

ordered_json answer_latency(int64_t per_second) {
  constexpr int64_t kSeconds = 10;
  Platform platform(platform_options());
  platform.ride(per_second * kSeconds, static_cast<double>(per_second));
  platform.wait_for_riders();
  const auto latencies = latencies_ms(platform);
  platform.wait_until_settled();
  return {{"rides_per_s", per_second},
          {"p50_ms", rounded(percentile(latencies, 0.5))},
          {"p99_ms", rounded(percentile(latencies, 0.99))},
          {"max_ms", rounded(percentile(latencies, 1))},
          {"settled", platform.audit().settled}};
}

/// Connections that hold no thread of the gateway's must cost riders nothing.
ordered_json flood(size_t connections) {
  constexpr int64_t kSeconds = 10;
  constexpr int64_t kPerSecond = 200;
  Platform platform(platform_options());
  Flood flood(mixed_http_flood(connections));
  flood.start(platform.http_port("gateway"));
  platform.ride(kPerSecond * kSeconds, kPerSecond);
  platform.wait_for_riders();
  const auto latencies = latencies_ms(platform);
  platform.wait_until_settled();
  return {{"workload",
           "200 rides/s, log lane alone, beside silent, slow, polite and half-closed connections"},
          {"connections", connections},
          {"p50_ms", rounded(percentile(latencies, 0.5))},
          {"p99_ms", rounded(percentile(latencies, 0.99))},
          {"max_ms", rounded(percentile(latencies, 1))},
          {"gateway_peak_rss_mb", peak_rss_mb(platform).at("gateway")},
          {"settled", platform.audit().settled}};
}

ordered_json answer_latencies() {
  ordered_json by_rate = ordered_json::array();
  for (const int64_t rate : {100, 500, 1'000, 2'000}) by_rate.push_back(answer_latency(rate));
  return {{"workload", "10 s of rides at this rate, log lane alone"}, {"by_rate", by_rate}};
}

/// The services are down for 10 s while rides keep coming.
ordered_json outage(const std::vector<std::string>& services) {
  constexpr int64_t kRides = 10'000;
  constexpr int64_t kPerSecond = 500;
  constexpr auto kOutage = std::chrono::seconds(10);
  Platform platform(platform_options());
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events(services.front(), 1'000);
  for (const auto& name : services) platform.kill(name);
  pace(kOutage);  // the outage itself is what is measured
  const int64_t backlog = platform.lag(services.front());
  const auto restored = Clock::now();
  for (const auto& name : services) platform.start(name);
  platform.wait_until("the backlog is read", [&] {
    int64_t lag = 0;
    for (const auto& name : services) lag += platform.lag(name);
    return lag < kPerSecond;  // a second's worth of rides is always under way
  });
  const double caught_up_s = seconds_since(restored);
  platform.wait_for_riders();
  platform.wait_until_settled();
  return {{"workload", "500 rides/s, log lane alone; SIGKILLed for 10 s"},
          {"services", services},
          {"backlog_events", backlog},
          {"caught_up_s", rounded(caught_up_s)},
          {"caught_up_events_per_s", rounded(static_cast<double>(backlog) / caught_up_s)},
          {"settled", platform.audit().settled}};
}

ordered_json first_ride() {
  const auto start = Clock::now();
  Platform platform(platform_options());
  const double ready_s = seconds_since(start);
  platform.ride(1, 1'000);
  platform.wait_until("the first ride is settled", [&] { return settled_rides(platform) == 1; });
  return {{"workload", "from the first process's start until one ride has all its effects"},
          {"all_ready_s", rounded(ready_s)},
          {"first_settled_ride_s", rounded(seconds_since(start))},
          {"idle_rss_mb", peak_rss_mb(platform)}};
}

int run_bench(int argc, char** argv) {
  std::string only;
  std::string programs;
  int64_t connections = 2'000;
  Options options("platform_bench",
                  "Measures the platform on the log lane alone; takes 3 minutes.");
  options.add_choice("only", only, {"start", "throughput", "latency", "flood", "outages"},
                     "one of them; all of them without it");
  options.add("programs", programs,
              "folder of the programs; by default those built beside this one");
  options.add("connections", connections, {1, 20'000, "connections"}, "of flood");
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;
  platform_options().programs = programs;
  const std::vector<std::pair<std::string, std::function<ordered_json()>>> figures = {
      {"start", first_ride},
      {"throughput", rides_per_second},
      {"latency", answer_latencies},
      {"flood", [&] { return flood(static_cast<size_t>(connections)); }},
      {"outages", [] {
         return ordered_json{outage({"payment"}), outage(kReacting)};
       }}};
  const auto asked = [&](const auto& figure) { return only.empty() || figure.first == only; };
  constexpr int64_t kNeeded = 500'000'000;
  const Status room = check_room(kNeeded, kNeeded);
  if (!room.ok()) return usage_error("platform_bench", room.error().message());
  const CleanInterrupt clean_interrupt;
  ordered_json report = {{"cores", std::thread::hardware_concurrency()}};
  for (const auto& figure : figures) {
    if (asked(figure)) report[figure.first] = figure.second();
  }
  std::cout << report.dump(2) << "\n";
  return 0;
}

}  // namespace
}  // namespace hailstorm::testing

int main(int argc, char** argv) {
  return hailstorm::run_main({.name = "platform_bench"}, argc, argv, hailstorm::testing::run_bench);
}
