#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/lab/audit/audit.h"
#include "services/lab/story/act_run.h"
#include "services/lab/story/trips.h"

namespace hailstorm::lab {

/// Everything that the story showed.
struct StoryResult {
  int64_t seed = 0;
  int64_t rides = 0;
  bool alone = true;  // no other rides were asked for, before or meanwhile
  TripsSummary trips;
  std::vector<ActResult> acts;
  AuditReport audit;
  double peak_rss_mb = 0;
  std::map<std::string, double> peak_rss_mb_of;  // each process's own
  std::optional<double> first_settled_s;
  std::string trouble;  // why the story ended early, what was not proven; empty: all went well

  void add_trouble(const std::string& text);
  /// Played to the end, every fault proven, every requested ride accepted on the log lane, and a
  /// clean audit.
  [[nodiscard]] bool holds() const;
  /// How the log lane answered the rides that it did not accept: " Not accepted: 30 with HTTP
  /// 400."; empty: it accepted all.
  [[nodiscard]] std::string log_failures() const;
};

/// The report as JSON, indented.
[[nodiscard]] std::string to_json(const StoryResult& result);
/// Writes it to `file`, as OutputFile does. Errors: any OutputErrc.
[[nodiscard]] Status write_report(const StoryResult& result, const std::string& file);

}  // namespace hailstorm::lab
