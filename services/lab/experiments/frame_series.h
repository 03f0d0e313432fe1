#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/json/json.h"
#include "services/lab/report/plot_values.h"

namespace hailstorm::lab {

/// The numbers of the lab's frames over time that a report plots. Bounded: of a long run it keeps
/// every second, every fourth… frame.
///
/// Thread safety: a value; distinct objects may be used from distinct threads.
class FrameSeries {
 public:
  FrameSeries() = default;
  /// Times count from `start_ms`, in ms since 1970.
  explicit FrameSeries(int64_t start_ms) : start_ms_(start_ms) {}

  /// What a frame does not have is a gap.
  void add(const json::Value& frame);

  using Lines = std::map<std::string, std::vector<PlotPoint>>;  // by lane or service
  Lines accepted_percent;
  Lines settled_rate;
  Lines p99_ms;
  Lines lag;  // records and outbox rows

  [[nodiscard]] double seconds(int64_t at_ms) const {
    return static_cast<double>(at_ms - start_ms_) / 1e3;
  }

  static constexpr size_t kMaxPoints = 4'000;

 private:
  int64_t start_ms_ = 0;
  int64_t frame_count_ = 0;
  int64_t every_ = 1;
};

}  // namespace hailstorm::lab
