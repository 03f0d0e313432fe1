// Measures what the lab's page costs and prints one JSON line per row, with the machine's load. Run
// it on a machine that does nothing else:
//
//     build/release/tests/page_bench                    a browser that shows the page, in % of a
//     core build/release/tests/page_bench --table viewers    rides/s and p99 with three pages and
//     without build/release/tests/page_bench --table profile    which functions of the page take
//     the time

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "common/base/options.h"
#include "common/base/run_main.h"
#include "tests/bench/clean_interrupt.h"
#include "tests/bench/room.h"
#include "tests/support/pace.h"
#include "tests/support/process_figures.h"
#include "tests/support/served_lab.h"
#include "tests/support/web_driver.h"

namespace hailstorm::testing {
namespace {

using nlohmann::ordered_json;

struct Settings {
  std::string table = "browser";
  int64_t rounds = 3;
  int64_t seconds = 20;
  double rate = 40;
  double most_rate = 2'000;
  std::string page_dir;
};

double rounded(double value) { return std::round(value * 100) / 100; }

double load_of_machine() {
  double load = 0;
  std::ifstream("/proc/loadavg") >> load;
  return load;
}

/// What was used of a core between two looks, in percent, by kind of process.
class CpuShare {
 public:
  CpuShare(pid_t driver, pid_t lab) : driver_(driver), lab_(lab), before_(look()) {}

  [[nodiscard]] ordered_json percent(double seconds) const {
    ordered_json shares;
    for (const auto& [kind, cpu_s] : look()) {
      const auto known = before_.find(kind);
      const double begin_s = known == before_.end() ? 0 : known->second;
      shares[kind + "_percent"] = rounded((cpu_s - begin_s) / seconds * 100);
    }
    return shares;
  }

 private:
  /// The driver is no part of a browser that people use.
  [[nodiscard]] std::map<std::string, double> look() const {
    std::map<std::string, double> cpu_s = {{"lab", figures_of(lab_).cpu_s}};
    for (const pid_t pid : descendants_of(driver_)) {
      const double own_s = figures_of(pid).cpu_s;
      cpu_s["browser"] += own_s;
      const std::string line = command_line_of(pid);
      if (line.find("--type=renderer") != std::string::npos) cpu_s["renderer"] += own_s;
      if (line.find("--type=gpu-process") != std::string::npos) cpu_s["gpu"] += own_s;
    }
    return cpu_s;
  }

  const pid_t driver_;
  const pid_t lab_;
  const std::map<std::string, double> before_;
};

class PageBench {
 public:
  explicit PageBench(Settings settings)
      : settings_(std::move(settings)),
        lab_(settings_.page_dir.empty()
                 ? std::vector<std::string>{"serve"}
                 : std::vector<std::string>{"serve", "--page-dir", settings_.page_dir}) {}

  void run() {
    if (settings_.table == "viewers") return viewers();
    WebDriver browser;
    ride(settings_.rate);
    if (settings_.table == "profile") return profile(browser);
    for (int64_t round = 0; round < settings_.rounds; ++round) {
      measure(browser, "no page", nullptr);
      measure(browser, "moving", [&] { show(browser, false); });
      measure(browser, "without motion", [&] { show(browser, true); });
    }
  }

 private:
  void ride(double rate) {
    const auto asked = lab_.client().put("/api/traffic", {{"rate", rate}});
    if (!asked.ok()) throw std::runtime_error(asked.error().message());
  }
  void show(WebDriver& browser, bool without_motion) {
    browser.prefer({.has_reduced_motion = without_motion});
    browser.open(lab_.url());
    if (!browser.becomes("Number(document.documentElement.dataset.seq) > 0")) {
      throw std::runtime_error("the page shows no frame");
    }
    // So long are dots on their way, and the rates of a lane.
    pace(std::chrono::seconds(6));
  }
  void wait() const { pace(std::chrono::milliseconds(settings_.seconds * 1'000)); }

  void measure(WebDriver& browser, const std::string& page, const std::function<void()>& open) {
    browser.open("about:blank");
    if (open) open();
    const CpuShare share(browser.driver_pid(), lab_.process().pid());
    wait();
    ordered_json row = {{"page", page}, {"rides_s", settings_.rate}};
    row.update(share.percent(static_cast<double>(settings_.seconds)));
    row["load"] = load_of_machine();
    std::cout << row.dump() << std::endl;
  }

  /// Self time of each function, and the seconds that the browser's own parts took.
  void profile(WebDriver& browser) {
    show(browser, false);
    browser.devtools("Performance.enable", json::Value::object());
    browser.devtools("Profiler.enable", json::Value::object());
    const auto before = metrics(browser);
    browser.devtools("Profiler.start", json::Value::object());
    wait();
    const auto stopped = browser.devtools("Profiler.stop", json::Value::object());
    const auto after = metrics(browser);
    for (const auto& [name, value] : after) {
      if (!name.ends_with("Duration")) continue;
      const double share = (value - before.at(name)) / static_cast<double>(settings_.seconds);
      std::cout << ordered_json({{"part", name}, {"percent", rounded(share * 100)}}) << std::endl;
    }
    print_functions(ordered_json::parse(json::to_text(*stopped.find("profile"))));
  }
  static std::map<std::string, double> metrics(WebDriver& browser) {
    const auto answered = browser.devtools("Performance.getMetrics", json::Value::object());
    std::map<std::string, double> found;
    for (const auto& one : *answered.find("metrics")->elements()) {
      found[*one.find("name")->text()] = one.find("value")->number().value_or(0);
    }
    return found;
  }
  void print_functions(const ordered_json& profile) const {
    constexpr size_t kMost = 25;
    std::map<int64_t, std::string> name_of;
    for (const auto& node : profile.at("nodes")) {
      const auto& call = node.at("callFrame");
      const auto file = call.at("url").get<std::string>();
      name_of[node.at("id").get<int64_t>()] =
          call.at("functionName").get<std::string>() + " " +
          file.substr(std::min(file.size(), file.find("/page/"))) + ":" +
          std::to_string(call.at("lineNumber").get<int64_t>() + 1);
    }
    std::map<std::string, double> self_us;
    for (size_t at = 0; at < profile.at("samples").size(); ++at) {
      self_us[name_of[profile.at("samples")[at].get<int64_t>()]] +=
          profile.at("timeDeltas")[at].get<double>();
    }
    std::vector<std::pair<double, std::string>> most;
    for (const auto& [name, us] : self_us) most.emplace_back(us, name);
    std::sort(most.rbegin(), most.rend());
    most.resize(std::min(most.size(), kMost));
    for (const auto& [us, name] : most) {
      const double share = us / 1e6 / static_cast<double>(settings_.seconds);
      std::cout << ordered_json({{"function", name}, {"percent", rounded(share * 100)}})
                << std::endl;
    }
  }

  /// Neither is always the one that runs warm.
  void viewers() {
    for (int64_t round = 0; round < settings_.rounds; ++round) {
      const bool first = round % 2 == 0;
      for (const bool with_pages : {first, !first}) {
        std::vector<std::unique_ptr<WebDriver>> browsers;
        for (int page = 0; with_pages && page < 3; ++page) {
          browsers.push_back(std::make_unique<WebDriver>());
          browsers.back()->open(lab_.url());
        }
        for (const double rate : {settings_.rate, settings_.most_rate}) {
          print_rides(rate, browsers.size());
        }
      }
    }
  }

  void print_rides(double rate, size_t pages) {
    ride(rate);
    pace(std::chrono::seconds(6));  // until the window of a lane has no ride of before
    wait();
    // One look at the end: each look would cost something, too.
    const auto lines = recorded();
    ride(0);
    const auto& begin = lines.front();
    const auto& end = lines.back();
    const double seconds = (end.at("t_ms").get<double>() - begin.at("t_ms").get<double>()) / 1e3;
    ordered_json row = {{"pages", pages}, {"asked_rides_s", rate}};
    for (const char* lane : {"log", "chain"}) {
      const auto sum = [&](const ordered_json& frame) {
        return frame.at("lanes").at(lane).at("accepted").get<double>();
      };
      std::vector<double> p99_ms;
      for (const auto& line : lines) p99_ms.push_back(line.at("lanes").at(lane).at("p99_ms"));
      std::sort(p99_ms.begin(), p99_ms.end());
      row[std::string(lane) + "_accepted_s"] = rounded((sum(end) - sum(begin)) / seconds);
      row[std::string(lane) + "_p99_ms"] = rounded(p99_ms[p99_ms.size() / 2]);
    }
    row["load"] = load_of_machine();
    std::cout << row.dump() << std::endl;
    pace(std::chrono::seconds(6));
  }

  /// The frames of the measured seconds.
  std::vector<ordered_json> recorded() const {
    const auto answer =
        lab_.send("GET", "/api/recording?seconds=" + std::to_string(settings_.seconds), {});
    std::vector<ordered_json> frames;
    std::istringstream text(answer.body);
    for (std::string line; std::getline(text, line);) {
      auto document = ordered_json::parse(line);
      if (document.contains("seq")) frames.push_back(std::move(document));
    }
    if (frames.size() < 2) throw std::runtime_error("there is no recording: " + answer.body);
    return frames;
  }

  const Settings settings_;
  ServedLab lab_;
};

int run_bench(int argc, char** argv) {
  Settings settings;
  Options options("page_bench", "Measures what the lab's page costs.");
  options.add_choice("table", settings.table, {"browser", "viewers", "profile"},
                     "what is measured");
  options.add("rounds", settings.rounds, {1, 100, "rounds"}, "of each");
  options.add("seconds", settings.seconds, {2, 600, "s"}, "that each row is measured");
  options.add("rate", settings.rate, {0, 10'000, "rides/s"}, "of riders, on both lanes");
  options.add("most-rate", settings.most_rate, {1, 10'000, "rides/s"},
              "beyond what the platform can do");
  options.add("page-dir", settings.page_dir, "the page's files, in place of the lab's own");
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;
  if (const auto missing = WebDriver::missing(); !missing.empty()) {
    return usage_error("page_bench", missing);
  }
  constexpr int64_t kNeeded = 500'000'000;
  const Status room = check_room(kNeeded, kNeeded);
  if (!room.ok()) return usage_error("page_bench", room.error().message());
  const CleanInterrupt clean_interrupt;
  PageBench(std::move(settings)).run();
  return 0;
}

}  // namespace
}  // namespace hailstorm::testing

int main(int argc, char** argv) {
  return hailstorm::run_main({.name = "page_bench"}, argc, argv, hailstorm::testing::run_bench);
}
