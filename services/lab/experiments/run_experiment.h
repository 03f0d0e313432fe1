#pragma once

#include <string>

#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/stop_signal.h"
#include "services/lab/experiments/document/experiment.h"
#include "services/lab/experiments/narrator.h"
#include "services/lab/serve/own_lab.h"

namespace hailstorm::lab {

/// `hail-lab experiment run FILE` and `check FILE`.
///
/// Thread safety: used by the main thread.
class ExperimentCommand {
 public:
  /// `clock` must remain live while this is in use.
  explicit ExperimentCommand(const Clock& clock) : clock_(clock) {}
  /// Adds the command with its own commands. This must remain live until Options::run_command().
  void add_to(Options& options);

 private:
  // These give the exit code for main: 0 passed, 1 failed, 3 inconclusive, 2 the file or the
  // options are wrong, 128 and a signal's number when that ended it.
  [[nodiscard]] int run(StopSignal& stop);
  [[nodiscard]] int check() const;
  [[nodiscard]] int run_on(OwnLab& own, const Experiment& experiment, StopSignal& stop,
                           Narrator& narrator);

  const Clock& clock_;
  std::string file_;
  std::string report_;   // HTML
  std::string journal_;  // JSON
  OwnLabSettings lab_;
};

}  // namespace hailstorm::lab
