#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/json/json.h"
#include "services/lab/experiments/document/experiment.h"
#include "services/lab/experiments/document/tolerance.h"
#include "services/lab/experiments/frame_series.h"
#include "services/lab/faults/fault.h"

/// What came of an experiment. Values.
namespace hailstorm::lab {

/// One activity that was run, or a probe that was asked. Times are in ms since 1970.
struct ActivityRun {
  ActivityKind kind = ActivityKind::probe;
  std::string name;
  json::Value document;
  json::Value output;     // {status, headers, body}; null: no answer
  int status = 0;         // HTTP; 0: no answer
  std::string exception;  // why there is none
  int64_t start_ms = 0;
  int64_t end_ms = 0;
  std::optional<Measured> measured;  // of a probe of the hypothesis

  [[nodiscard]] bool is_answered() const { return exception.empty(); }
};

/// A look at the steady state: its probes up to the first that is not right.
struct SteadyState {
  int64_t at_ms = 0;
  bool is_met = true;
  bool is_answered = true;  // the lab answered every probe
  std::vector<ActivityRun> probes;
};

/// A fault of the experiment, under the name of the action that asked for it.
struct ExperimentFault {
  std::string action;
  FaultState state;
};

struct ExperimentRun {
  Experiment experiment;
  std::string lab;  // its URL
  int64_t seed = 1;
  int64_t start_ms = 0;
  int64_t end_ms = 0;
  std::optional<SteadyState> before;
  std::vector<SteadyState> during;  // the last ones where there were very many
  int64_t looks = 0;                // during
  int64_t deviations = 0;           // of these
  std::optional<SteadyState> first_deviation;
  std::optional<SteadyState> after;
  std::vector<ActivityRun> method;
  std::vector<ActivityRun> rollbacks;
  std::map<std::string, ExperimentFault> faults;  // by id
  std::string trouble;  // why the method was not run to its end; empty: it was
  bool is_interrupted = false;
  json::Value audit;
  FrameSeries series;

  /// In the order in which they were asked for.
  [[nodiscard]] std::vector<const ExperimentFault*> faults_in_order() const {
    std::vector<const ExperimentFault*> all;
    for (const auto& [id, fault] : faults) all.push_back(&fault);
    std::sort(all.begin(), all.end(), [](const auto* one, const auto* other) {
      return one->state.asked_at_ms < other->state.asked_at_ms;
    });
    return all;
  }
};

}  // namespace hailstorm::lab
