#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "broker/cli/connection.h"
#include "broker/cli/latency_histogram.h"

/// What `hail perf produce` and `hail perf consume` share.
namespace hailstorm::cli {

/// What was measured so far.
struct Measured {
  int64_t records = 0;
  int64_t bytes = 0;  // of keys and values
  int64_t failed = 0;
  std::optional<Error> failure;  // the first
  LatencyHistogram latency;
};

/// Collects what a run measures.
///
/// Thread safety: safe.
class Meter {
 public:
  void add(int64_t latency_us, int64_t records, int64_t bytes);
  void fail(const Error& error, int64_t records);
  [[nodiscard]] Measured measured() const;

 private:
  mutable std::mutex mutex_;
  Measured measured_;
};

/// One named row of latencies in a report.
struct LatencyRow {
  std::string name;
  std::string of_what;
  LatencyHistogram latency;
};

/// The result of a run.
struct PerfResult {
  std::string what;  // "produced", "consumed"
  std::string how;   // settings that matter for the numbers
  Measured measured;
  int64_t unanswered = 0;
  double seconds = 0;
  bool was_interrupted = false;
  std::vector<log::ClosedPartition> closed;  // not read, or not to the end
  std::vector<LatencyRow> rows;
};
/// Prints the result, for people or as JSON; why it ended early, if it did, on standard error. The
/// exit code: 0 also after Ctrl-C, 1 when records failed or are unanswered, or a partition is
/// closed.
[[nodiscard]] int report(const Globals& globals, const PerfResult& result);

/// "123456/1000000 records  51234 records/s  5.1 MB/s"; `last_*`: at the line before.
[[nodiscard]] std::string progress_text(const Measured& now, std::optional<int64_t> wanted,
                                        int64_t last_records, int64_t last_bytes, double seconds);

inline constexpr int64_t kMaxInFlight = 1'000'000;
inline constexpr int64_t kMaxTotalBytes = int64_t{1} << 40;

struct PerfProduceArguments {
  std::string topic;
  int64_t records = 100'000;
  int64_t size = 100;
  int64_t batch = 128 << 10;
  std::string acks = "all";
  std::string compression = "none";
  int64_t linger_ms = 5;
  int64_t in_flight = 10'000;
  int64_t rate = 0;
};
/// The exit code, or why it could not begin.
[[nodiscard]] Result<int> perf_produce(const Globals& globals,
                                       const PerfProduceArguments& arguments);

struct PerfConsumeArguments {
  std::string topic;
  int64_t records = 0;
  std::optional<std::string> group;
  std::string from = "earliest";
  bool follow = false;
};
/// The exit code, or why it could not go on.
[[nodiscard]] Result<int> perf_consume(const Globals& globals,
                                       const PerfConsumeArguments& arguments);

}  // namespace hailstorm::cli
