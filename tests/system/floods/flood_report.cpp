#include "tests/system/floods/flood_report.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>

namespace hailstorm::testing {
namespace {

constexpr double kMostP99Ms = 250;
constexpr size_t kFewestToCheck = 100;  // of fewer rides a 99th percentile says nothing

/// Of the riders of one step.
struct Latencies {
  std::vector<double> all_ms;
  std::vector<double> outside_ms;  // of the seconds that the flood took
};

Latencies latencies_of(const StepResult& step, const std::vector<RiderAnswer>& answers,
                       const MachineLoad& load) {
  Latencies found;
  for (const auto& one : answers) {
    if (one.sent_second < step.first_second || one.sent_second > step.last_second) continue;
    found.all_ms.push_back(one.latency_ms);
    if (load.taken_seconds(one.sent_second, one.answered_second) == 0) {
      found.outside_ms.push_back(one.latency_ms);
    }
  }
  std::sort(found.all_ms.begin(), found.all_ms.end());
  std::sort(found.outside_ms.begin(), found.outside_ms.end());
  return found;
}

double percentile(const std::vector<double>& sorted, size_t percent) {
  return sorted.empty() ? 0 : sorted[(sorted.size() - 1) * percent / 100];
}

int64_t unseen_outside(const StepResult& step, const MachineLoad& load) {
  return std::count_if(step.unseen_seconds.begin(), step.unseen_seconds.end(), [&](int64_t second) {
    return load.taken_seconds(second - 1, second + 1) == 0;
  });
}

std::string line_of(const StepResult& step, const Latencies& riders, const MachineLoad& load) {
  return fmt::format(
      "{:<20} {:<32} {:>4} {:>6} {:>7} {:>8.1f} {:>8.1f} {:>8.1f} {:>8.1f} {:>5} {:>6} {:>7.0f}\n",
      step.flood, step.target, step.last_second - step.first_second + 1,
      load.taken_seconds(step.first_second, step.last_second), riders.all_ms.size(),
      percentile(riders.outside_ms, 50), percentile(riders.outside_ms, 99),
      percentile(riders.all_ms, 99), percentile(riders.all_ms, 100), step.looks,
      step.unseen_seconds.size(), step.slowest_freeze_ms);
}

}  // namespace

double memory_bound_mb(const std::string& process) {
  if (process == "broker") return 160;
  return process == "agent" ? 64 : 128;
}

std::vector<RiderAnswer> read_answers(const std::filesystem::path& data) {
  std::vector<RiderAnswer> answers;
  std::ifstream file(data / "traffic" / "answers.jsonl");
  for (std::string line; std::getline(file, line);) {
    const auto one = nlohmann::json::parse(line);
    const auto sent_ms = one.at("sent_at_ms").get<int64_t>();
    const auto latency_ms = one.at("latency_ms").get<double>();
    answers.push_back(
        {sent_ms / 1'000, (sent_ms + static_cast<int64_t>(latency_ms)) / 1'000, latency_ms});
  }
  return answers;
}

std::string FloodReport::text(const MachineLoad& load) const {
  std::string out =
      "\ns: seconds; taken: those in which nothing was left of the machine's processors; p50, p99: "
      "of riders\nin the other seconds, in ms; p99 all, max: in all of them; looks: of the lab at "
      "each process; unseen:\nanswers that the lab did not get; freeze: ms until the lab saw the "
      "flooded process frozen\n\n";
  out += fmt::format("{:<20} {:<32} {:>4} {:>6} {:>7} {:>8} {:>8} {:>8} {:>8} {:>5} {:>6} {:>7}\n",
                     "flood", "of", "s", "taken", "rides", "p50", "p99", "p99 all", "max", "looks",
                     "unseen", "freeze");
  for (const auto& step : steps) {
    out += line_of(step, latencies_of(step, answers, load), load);
  }
  out += fmt::format("\n{:<14} {:>8} {:>9}\n", "process", "peak MB", "at most");
  for (const auto& one : memory) {
    out += fmt::format("{:<14} {:>8.1f} {:>9.0f}\n", one.process, one.peak_mb, one.bound_mb);
  }
  out += "\n" + audit_text + "\n";
  const auto wrong = faults(load);
  for (const auto& fault : wrong) out += "  " + fault + "\n";
  return out + (wrong.empty() ? "Verdict: holds.\n" : "Verdict: does not hold.\n");
}

std::vector<std::string> FloodReport::faults(const MachineLoad& load) const {
  std::vector<std::string> found;
  if (!audit_is_clean) found.emplace_back("the audit is not clean");
  for (const auto& step : steps) {
    const auto riders = latencies_of(step, answers, load).outside_ms;
    const double p99_ms = percentile(riders, 99);
    if (riders.size() >= kFewestToCheck && p99_ms > kMostP99Ms) {
      found.push_back(fmt::format("{} of {}: p99 of {:.1f} ms", step.flood, step.target, p99_ms));
    }
    if (const int64_t unseen = unseen_outside(step, load); unseen > 0) {
      found.push_back(fmt::format("{} of {}: the lab saw a process {} times not", step.flood,
                                  step.target, unseen));
    }
  }
  for (const auto& one : memory) {
    if (one.peak_mb > one.bound_mb) {
      found.push_back(fmt::format("{} took {:.1f} MB", one.process, one.peak_mb));
    }
  }
  return found;
}

}  // namespace hailstorm::testing
