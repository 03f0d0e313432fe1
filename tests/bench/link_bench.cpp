// What the relays of links cost: answers of two platforms at the same moments, one with relays and
// one without them, and rides settled per second, in turn.
// Prints one JSON object. Run it on a machine that does nothing else; it takes 3 minutes:
//
//     build/release/tests/link_bench

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/base/options.h"
#include "common/base/run_main.h"
#include "tests/bench/clean_interrupt.h"
#include "tests/bench/room.h"
#include "tests/support/platform.h"

namespace hailstorm::testing {
namespace {

using nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;
using Values = std::vector<double>;

/// All that was measured, by name, without and with relays.
struct Figures {
  Values without;
  Values with;
};

double percentile(Values values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(share * static_cast<double>(values.size() - 1))];
}

double rounded(double value) { return std::round(value * 1'000) / 1'000; }

std::map<std::string, Values> latencies_by_lane(const Platform& platform) {
  std::map<std::string, Values> by_lane;
  std::ifstream answers(platform.data() / "traffic" / "answers.jsonl");
  for (std::string line; std::getline(answers, line);) {
    const auto answer = ordered_json::parse(line);
    by_lane[answer.at("lane").get<std::string>()].push_back(answer.at("latency_ms").get<double>());
  }
  return by_lane;
}

class LinkBench {
 public:
  LinkBench(int64_t rounds, int64_t per_second) : rounds_(rounds), per_second_(per_second) {}

  ordered_json run() {
    for (int64_t round = 0; round < rounds_; ++round) {
      measure_answers();
      const bool first = round % 2 == 0;  // neither is always the one that runs warm
      for (const bool with_links : {first, !first}) measure_rate(with_links);
    }
    ordered_json report = {{"workload", "both lanes at " + std::to_string(per_second_) +
                                            " rides/s for 10 s, with and without at once; 20000 "
                                            "rides offered at 10000/s on the log lane"},
                           {"rounds", rounds_}};
    for (const auto& [name, figures] : figures_) {
      const double without = percentile(figures.without, 0.5);
      const double with = percentile(figures.with, 0.5);
      report[name] = {{"without", rounded(without)},
                      {"with", rounded(with)},
                      {"ratio", rounded(with / without)}};
    }
    return report;
  }

 private:
  void add(const std::string& name, bool with_links, double value) {
    auto& figures = figures_[name];
    (with_links ? figures.with : figures.without).push_back(value);
  }

  void measure_answers() {
    constexpr int64_t kSeconds = 10;
    Platform without({.lanes = "log,chain"});
    Platform with({.with_links = true, .lanes = "log,chain"});
    for (Platform* platform : {&without, &with}) {
      platform->ride(per_second_ * kSeconds, static_cast<double>(per_second_));
    }
    for (Platform* platform : {&without, &with}) {
      platform->wait_for_riders();
      for (const auto& [lane, values] : latencies_by_lane(*platform)) {
        add(lane + "_p50_ms", platform == &with, percentile(values, 0.5));
        add(lane + "_p99_ms", platform == &with, percentile(values, 0.99));
      }
    }
  }

  void measure_rate(bool with_links) {
    constexpr int64_t kRides = 20'000;
    Platform platform({.with_links = with_links});
    const auto start = Clock::now();
    platform.ride(kRides, 10'000);
    platform.wait_for_riders();
    platform.wait_until_settled();
    add("settled_per_s", with_links,
        kRides / std::chrono::duration<double>(Clock::now() - start).count());
  }

  const int64_t rounds_;
  const int64_t per_second_;
  std::map<std::string, Figures> figures_;
};

int run_bench(int argc, char** argv) {
  int64_t rounds = 4;
  int64_t per_second = 50;
  Options options("link_bench", "Measures the platform with and without the relays of its links.");
  options.add("rounds", rounds, {1, 100, "rounds"}, "of each; their medians are compared");
  options.add("rate", per_second, {1, 10'000, "rides/s"}, "of the rides whose answers are timed");
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;
  constexpr int64_t kNeeded = 500'000'000;
  const Status room = check_room(kNeeded, kNeeded);
  if (!room.ok()) return usage_error("link_bench", room.error().message());
  const CleanInterrupt clean_interrupt;
  std::cout << LinkBench(rounds, per_second).run().dump(2) << "\n";
  return 0;
}

}  // namespace
}  // namespace hailstorm::testing

int main(int argc, char** argv) {
  return hailstorm::run_main({.name = "link_bench"}, argc, argv, hailstorm::testing::run_bench);
}
