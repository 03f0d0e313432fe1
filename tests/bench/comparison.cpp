#include "tests/bench/comparison.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <optional>
#include <utility>

namespace hailstorm::testing {
namespace {

using nlohmann::ordered_json;

constexpr int kAny = -1;  // the batch size that is best for the broker

/// One row of the table: which runs, and which of their figures.
struct Figure {
  const char* title;
  const char* mode;
  const char* workload;
  int size;   // 0: any
  int batch;  // records a flush, or kAny
  const char* field;
  const char* yardstick;  // the broker that ours is compared with; empty: none
  double at_least;        // as a multiple of it; without one the number
};

const Figure kFigures[] = {
    {"W1 produce, os, best setting, msg/s", "os", "produce", 100, kAny, "msg_s", "kafka", 2.7},
    {"W1 os, flushed every 500", "os", "produce", 100, 500, "msg_s", "kafka", 1.3},
    {"W1 fsync, best setting", "fsync", "produce", 100, kAny, "msg_s", "kafka", 2.8},
    {"W1 fsync, flushed every 500", "fsync", "produce", 100, 500, "msg_s", "kafka", 2},
    {"W1 produce 1 KiB, os", "os", "produce", 1024, kAny, "msg_s", "kafka", 2.3},
    {"W1 produce 1 KiB, fsync", "fsync", "produce", 1024, kAny, "msg_s", "kafka", 2.5},
    {"W1 one at a time, os", "os", "produce", 100, 1, "msg_s", "redis", 0.55},
    {"W1 one at a time, fsync", "fsync", "produce", 100, 1, "msg_s", "redis", 0.5},
    {"W2 catch-up", "os", "consume", 100, kAny, "msg_s", "rabbitmq", 0.6},
    {"W2 catch-up 1 KiB", "os", "consume", 1024, kAny, "msg_s", "rabbitmq", 0.5},
    {"W3 5,000/s, os, p50 µs", "os", "latency", 100, kAny, "p50_us", "", 140},
    {"W3 5,000/s, os, p99 µs", "os", "latency", 100, kAny, "p99_us", "", 450},
    {"W3 5,000/s, fsync, p50 µs", "fsync", "latency", 100, kAny, "p50_us", "", 400},
    {"W3 5,000/s, fsync, p99 µs", "fsync", "latency", 100, kAny, "p99_us", "", 1200},
    {"W4 four groups, os, best setting, delivered/s", "os", "fanout", 100, kAny, "msg_s", "kafka",
     1.2},
    {"W4 four groups, fsync, best setting", "fsync", "fanout", 100, kAny, "msg_s", "kafka", 1.3},
    {"idle RSS, MB", "os", "server", 0, kAny, "idle_rss_mb", "", 15},
    {"RSS after W1, MB", "os", "server", 0, kAny, "rss_after_w1_mb", "", 30},
    {"start, ms", "os", "server", 0, kAny, "startup_ms", "", 50},
    {"recovery of 1M records after SIGKILL, ms", "os", "server", 0, kAny, "recovery_ms", "", 100},
};
const char* const kPeers[] = {"redis", "nats", "rabbitmq", "kafka"};

bool less_is_better(const Figure& figure) { return *figure.yardstick == '\0'; }

bool is_run_of(const Figure& figure, const std::string& peer, const ordered_json& line) {
  const int64_t batch = line.value("batch", int64_t{0});
  const bool same_batch =
      figure.batch == kAny ? batch != 1 || less_is_better(figure) : batch == figure.batch;
  return line.value("peer", "") == peer && line.value("mode", "") == figure.mode &&
         line.value("w", "") == figure.workload && line.contains(figure.field) && same_batch &&
         (figure.size == 0 || line.value("size", 0) == figure.size);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

/// The median of the broker's runs; of several settings the best one's.
std::optional<double> figure_of(const Figure& figure, const std::string& peer,
                                const std::vector<ordered_json>& lines) {
  std::map<std::pair<int64_t, int64_t>, std::vector<double>> by_setting;
  for (const ordered_json& line : lines) {
    if (!is_run_of(figure, peer, line)) continue;
    by_setting[{line.value("batch", int64_t{0}), line.value("lat_batch", int64_t{0})}].push_back(
        line[figure.field]);
  }
  std::optional<double> best;
  for (const auto& [setting, values] : by_setting) {
    const double value = median(values);
    const bool better = !best || (less_is_better(figure) ? value < *best : value > *best);
    if (better) best = value;
  }
  return best;
}

std::string show(std::optional<double> value) {
  if (!value) return "–";
  if (*value >= 1e6) return fmt::format("{:.2f}M", *value / 1e6);
  if (*value >= 1e4) return fmt::format("{:.0f}k", *value / 1e3);
  return *value >= 100 ? fmt::format("{:.0f}", *value) : fmt::format("{:.3g}", *value);
}

std::string row(const Figure& figure, const std::vector<ordered_json>& lines) {
  const auto ours = figure_of(figure, kOurName, lines);
  std::string text = fmt::format("| {} |", figure.title);
  for (const char* peer : kPeers) {
    text += fmt::format(" {} |", show(figure_of(figure, peer, lines)));
  }
  text += fmt::format(" **{}** |", show(ours));
  if (less_is_better(figure)) {
    const char* verdict = !ours ? "–" : *ours <= figure.at_least ? "yes" : "no";
    return text + fmt::format(" – | ≤ {:g} | {} |\n", figure.at_least, verdict);
  }
  const auto theirs = figure_of(figure, figure.yardstick, lines);
  const std::string wanted = fmt::format("{:g} × {}", figure.at_least, figure.yardstick);
  if (!ours || !theirs) return text + fmt::format(" – | {} | – |\n", wanted);
  const double ratio = *ours / *theirs;
  return text + fmt::format(" {:.2f} × {} | {} | {} |\n", ratio, figure.yardstick, wanted,
                            ratio >= figure.at_least ? "yes" : "no");
}

}  // namespace

std::string_view name_of(ResultsErrc) { return "unreadable"; }

Result<std::vector<ordered_json>> read_results(const std::string& file) {
  std::ifstream in(file);
  if (!in) {
    return Error(ResultsErrc::unreadable,
                 fmt::format("cannot read '{}'; give a file of JSON lines with --against", file));
  }
  std::vector<ordered_json> lines;
  int64_t number = 0;
  for (std::string text; std::getline(in, text);) {
    ++number;
    if (!text.starts_with('{')) continue;
    auto line = ordered_json::parse(text, nullptr, false);
    if (!line.is_object()) {
      return Error(ResultsErrc::unreadable,
                   fmt::format("{}:{} is no JSON object; remove or mend the line", file, number));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

bool has_ours(const std::vector<ordered_json>& lines) {
  return std::any_of(lines.begin(), lines.end(),
                     [](const auto& line) { return line.value("peer", "") == kOurName; });
}

std::string comparison_table(const std::vector<ordered_json>& lines) {
  std::string table =
      "| workload (100 B unless said) | Redis | NATS | RabbitMQ Streams | Kafka | Hailstorm | "
      "ratio | wanted | holds |\n|---|---|---|---|---|---|---|---|---|\n";
  for (const Figure& figure : kFigures) table += row(figure, lines);
  return table;
}

}  // namespace hailstorm::testing
