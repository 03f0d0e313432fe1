#include "broker/cli/perf.h"

#include <fmt/format.h>
#include <iostream>

#include "broker/cli/closed_partitions.h"
#include "common/base/text.h"
#include "common/json/json.h"
#include "common/log/rewind/group_json.h"

namespace hailstorm::cli {
namespace {

constexpr double kMb = 1e6;

double per_second(int64_t amount, double seconds) {
  return seconds > 0 ? static_cast<double>(amount) / seconds : 0;
}

void print_row(const LatencyRow& row) {
  const LatencyHistogram& latency = row.latency;
  if (latency.count() == 0) return;
  const auto at = [&](double share) { return duration_text(latency.percentile_us(share)); };
  std::cout << fmt::format("{} ({}): p50 {}, p90 {}, p99 {}, p99.9 {}, max {}\n{}", row.name,
                           row.of_what, at(0.5), at(0.9), at(0.99), at(0.999),
                           duration_text(latency.max_us()), latency.bars());
}

json::Value to_json(const LatencyHistogram& latency) {
  return {{"count", latency.count()},
          {"p50_us", latency.percentile_us(0.5)},
          {"p90_us", latency.percentile_us(0.9)},
          {"p99_us", latency.percentile_us(0.99)},
          {"p999_us", latency.percentile_us(0.999)},
          {"max_us", latency.max_us()}};
}

json::Value to_json(const PerfResult& result) {
  const Measured& measured = result.measured;
  json::Value out = {{"records", measured.records},
                     {"bytes", measured.bytes},
                     {"seconds", result.seconds},
                     {"records_per_second", per_second(measured.records, result.seconds)},
                     {"mb_per_second", per_second(measured.bytes, result.seconds) / kMb},
                     {"failed", measured.failed},
                     {"unanswered", result.unanswered},
                     {"interrupted", result.was_interrupted},
                     {"closed_partitions", closed_json(result.closed)}};
  for (const LatencyRow& row : result.rows) out.set(row.name, to_json(row.latency));
  return out;
}

}  // namespace

void Meter::add(int64_t latency_us, int64_t records, int64_t bytes) {
  const std::lock_guard lock(mutex_);
  measured_.records += records;
  measured_.bytes += bytes;
  measured_.latency.add(latency_us, records);
}

void Meter::fail(const Error& error, int64_t records) {
  const std::lock_guard lock(mutex_);
  measured_.failed += records;
  if (!measured_.failure) measured_.failure = error;
}

Measured Meter::measured() const {
  const std::lock_guard lock(mutex_);
  return measured_;
}

std::string progress_text(const Measured& now, std::optional<int64_t> wanted, int64_t last_records,
                          int64_t last_bytes, double seconds) {
  return fmt::format("{}{} records  {:.0f} records/s  {:.1f} MB/s", now.records,
                     wanted ? fmt::format("/{}", *wanted) : "",
                     per_second(now.records - last_records, seconds),
                     per_second(now.bytes - last_bytes, seconds) / kMb);
}

int report(const Globals& globals, const PerfResult& result) {
  const Measured& measured = result.measured;
  if (globals.json) {
    std::cout << json::to_sorted_text(to_json(result)) << std::endl;
  } else {
    std::cout << fmt::format(
        "{} {} records ({:.1f} MB) in {:.2f} s{}: {:.0f} records/s, {:.1f} MB/s\n", result.what,
        measured.records, static_cast<double>(measured.bytes) / kMb, result.seconds, result.how,
        per_second(measured.records, result.seconds),
        per_second(measured.bytes, result.seconds) / kMb);
    for (const LatencyRow& row : result.rows) print_row(row);
    std::cout.flush();
  }
  if (result.was_interrupted) std::cerr << "hail: interrupted; these are the numbers so far\n";
  if (measured.failed > 0)
    std::cerr << fmt::format("hail: {} records were not written: {}\n", measured.failed,
                             printable(measured.failure->message()));
  if (result.unanswered > 0)
    std::cerr << fmt::format("hail: {} records are unanswered; they may have been written\n",
                             result.unanswered);
  const bool is_short = measured.failed > 0 || result.unanswered > 0;
  return (is_short && !result.was_interrupted) || !result.closed.empty() ? 1 : 0;
}

}  // namespace hailstorm::cli
