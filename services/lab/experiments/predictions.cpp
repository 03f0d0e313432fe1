#include "services/lab/experiments/predictions.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace hailstorm::lab {
namespace {

constexpr double kAfterS = 5;
constexpr double kCalmPercent = 99;
constexpr double kCalmRecords = 50;

struct Span {
  double from_s = INFINITY;
  double to_s = -INFINITY;
};

Span span_of_faults(const ExperimentRun& run) {
  Span span;
  for (const auto& [id, fault] : run.faults) {
    const int64_t end_ms =
        fault.state.reverted_at_ms != 0 ? fault.state.reverted_at_ms : run.end_ms;
    span.from_s = std::min(span.from_s, run.series.seconds(fault.state.injected_at_ms));
    span.to_s = std::max(span.to_s, run.series.seconds(end_ms) + kAfterS);
  }
  return span;
}

struct Extremes {
  double highest_before = 0;
  double least = INFINITY;
  double highest = -INFINITY;
};

Extremes extremes_of(const std::vector<PlotPoint>& points, const Span& span) {
  Extremes found;
  for (const auto& point : points) {
    if (!std::isfinite(point.value) || point.at_s > span.to_s) continue;
    if (point.at_s < span.from_s) {
      found.highest_before = std::max(found.highest_before, point.value);
    } else {
      found.least = std::min(found.least, point.value);
      found.highest = std::max(found.highest, point.value);
    }
  }
  return found;
}

Prediction lane_prediction(const std::string& name, const Extremes& found) {
  if (!std::isfinite(found.least)) return {name, "", "unknown", "nothing was measured"};
  return {name, "", found.least < kCalmPercent ? "hurt" : "calm",
          fmt::format("at least {:.1f} % accepted", found.least)};
}

Prediction service_prediction(const std::string& name, const Extremes& found) {
  if (!std::isfinite(found.highest)) return {name, "", "unknown", "nothing was measured"};
  const bool is_hurt = found.highest > found.highest_before + kCalmRecords;
  return {name, "", is_hurt ? "hurt" : "calm",
          fmt::format("lag up to {:.0f}, before {:.0f}", found.highest, found.highest_before)};
}

}  // namespace

std::vector<Prediction> compare_predictions(const ExperimentRun& run) {
  const auto& predicted = run.experiment.hailstorm.predictions;
  const auto all_others = predicted.find("*");
  std::vector<Prediction> compared;
  const auto add = [&](Prediction one) {
    const auto found = predicted.find(one.name);
    if (found == predicted.end() && all_others == predicted.end()) return;
    one.predicted = found == predicted.end() ? all_others->second : found->second;
    compared.push_back(std::move(one));
  };
  const Span span = span_of_faults(run);
  for (const auto& [name, points] : run.series.accepted_percent) {
    add(lane_prediction(name, extremes_of(points, span)));
  }
  for (const auto& [name, points] : run.series.lag) {
    add(service_prediction(name, extremes_of(points, span)));
  }
  return compared;
}

}  // namespace hailstorm::lab
