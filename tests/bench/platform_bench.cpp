// Measures the platform on the log lane alone and prints one JSON object. The workload of each
// figure is written beside it. Run it on a machine that does nothing else:
//
//     build/release/tests/platform_bench

#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "tests/support/platform.h"

namespace hailstorm::testing {
namespace {

using nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

const std::vector<std::string> kFour = {"matching", "payment", "notification", "analytics"};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
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
  Platform platform;
  const auto start = Clock::now();
  platform.ride(kRides, kOffered);
  platform.wait_for_riders();
  const double answered_s = seconds_since(start);
  platform.wait_until_settled();
  const double settled_s = seconds_since(start);
  return {{"workload", "30000 rides offered at 10000/s, log lane alone; until every lag is 0"},
          {"rides", kRides},
          {"accepted_per_s", kRides / answered_s},
          {"settled_per_s", kRides / settled_s},
          {"peak_rss_mb", platform.peak_rss_mb()},
          {"settled", platform.audit().settled}};
}

ordered_json answer_latency() {
  constexpr int64_t kRides = 10'000;
  Platform platform;
  platform.ride(kRides, 500);
  platform.wait_for_riders();
  const auto latencies = latencies_ms(platform);
  platform.wait_until_settled();
  return {{"workload", "10000 rides at 500/s, log lane alone"},
          {"p50_ms", percentile(latencies, 0.5)},
          {"p99_ms", percentile(latencies, 0.99)},
          {"max_ms", percentile(latencies, 1)},
          {"peak_rss_mb", platform.peak_rss_mb()},
          {"settled", platform.audit().settled}};
}

/// The four services are down for 10 s while rides keep coming.
ordered_json outage() {
  constexpr int64_t kRides = 10'000;
  constexpr double kRate = 500;
  constexpr auto kOutage = std::chrono::seconds(10);
  Platform platform;
  platform.ride(kRides, kRate);
  platform.wait_for_events("matching", 1'000);
  for (const auto& name : kFour) platform.kill(name);
  std::this_thread::sleep_for(kOutage);  // the outage itself is what is measured
  const int64_t before = platform.lag("analytics");
  const auto restored = Clock::now();
  for (const auto& name : kFour) platform.start(name);
  platform.wait_until("the backlog is read", [&] {
    int64_t lag = 0;
    for (const auto& name : kFour) lag += platform.lag(name);
    return lag < 500;  // a second's worth of rides is always under way
  });
  const double caught_up_s = seconds_since(restored);
  platform.wait_for_riders();
  platform.wait_until_settled();
  return {{"workload", "500 rides/s, log lane alone; all four services SIGKILLed for 10 s"},
          {"lag_of_one_group_before", before},
          {"caught_up_s", caught_up_s},
          {"settled", platform.audit().settled}};
}

ordered_json first_ride() {
  const auto start = Clock::now();
  Platform platform;
  const double ready_s = seconds_since(start);
  platform.ride(1, 1'000);
  platform.wait_until("the first ride is settled", [&] { return settled_rides(platform) == 1; });
  return {{"workload", "from the first process's start until one ride has all its effects"},
          {"all_ready_s", ready_s},
          {"first_settled_ride_s", seconds_since(start)},
          {"idle_rss_mb", platform.peak_rss_mb()}};
}

}  // namespace
}  // namespace hailstorm::testing

int main() {
  using namespace hailstorm::testing;
  const ordered_json report = {{"cores", std::thread::hardware_concurrency()},
                               {"start", first_ride()},
                               {"throughput", rides_per_second()},
                               {"latency", answer_latency()},
                               {"outage", outage()}};
  std::cout << report.dump(2) << "\n";
}
