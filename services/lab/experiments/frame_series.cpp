#include "services/lab/experiments/frame_series.h"

#include <cmath>

namespace hailstorm::lab {
namespace {

/// The number at `name` in `of`; not a number where there is none.
double number_in(const json::Value& of, std::string_view name) {
  const auto* found = of.find(name);
  const auto number = found == nullptr ? std::nullopt : found->number();
  return number.value_or(NAN);
}

void keep_every_second(FrameSeries::Lines& lines) {
  for (auto& [name, points] : lines) {
    size_t kept = 0;
    for (size_t i = 0; i < points.size(); i += 2) points[kept++] = points[i];
    points.resize(kept);
  }
}

}  // namespace

void FrameSeries::add(const json::Value& frame) {
  const auto* at = frame.find("t_ms");
  const auto at_ms = at == nullptr ? std::nullopt : at->integer();
  if (!at_ms || frame_count_++ % every_ != 0) return;
  const double at_s = seconds(*at_ms);
  if (const auto* lanes = frame.find("lanes"); lanes != nullptr && lanes->members() != nullptr) {
    for (const auto& [name, lane] : *lanes->members()) {
      accepted_percent[name].push_back({at_s, number_in(lane, "accepted_ratio") * 100});
      settled_rate[name].push_back({at_s, number_in(lane, "settled_rate")});
      p99_ms[name].push_back({at_s, number_in(lane, "p99_ms")});
    }
  }
  const auto* processes = frame.find("processes");
  if (processes != nullptr && processes->members() != nullptr) {
    for (const auto& [name, process] : *processes->members()) {
      const double records = number_in(process, "lag") + number_in(process, "outbox");
      if (std::isfinite(records)) lag[name].push_back({at_s, records});
    }
  }
  if (frame_count_ / every_ < static_cast<int64_t>(kMaxPoints)) return;
  for (auto* lines : {&accepted_percent, &settled_rate, &p99_ms, &lag}) keep_every_second(*lines);
  every_ *= 2;
}

}  // namespace hailstorm::lab
