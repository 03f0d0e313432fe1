#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/lab/supervisor/layout.h"
#include "services/lab/supervisor/sample.h"

namespace hailstorm::lab {

/// Holds the whole platform: starts an agent (a process of its own, which dies with us) and through
/// it every process, breaks and restores them, and watches. In containers the platform runs
/// already, each process in the hand of its container's agent; ours holds only the riders.
///
/// Thread safety: used by one thread, which must live as long as the platform shall.
class Supervisor {
 public:
  explicit Supervisor(PlatformSettings settings);
  ~Supervisor();  // stop()
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// Makes DATA and DATA/lab, starts the agent and all processes; they may not be ready yet.
  /// Errors: cannot_start, agent_failed.
  [[nodiscard]] Status start();

  /// SIGKILL, SIGSTOP, and back to life after either. Error agent_failed.
  [[nodiscard]] Status kill(const std::string& name);
  [[nodiscard]] Status freeze(const std::string& name);
  [[nodiscard]] Status restore(const std::string& name);

  /// Starts another process beside the platform; its output goes to DATA/lab/NAME.log.
  [[nodiscard]] Status run(const std::string& name, std::vector<std::string> argv);

  /// How all are right now. Errors: agent_failed; died, when a process of the platform ended by
  /// itself: names its log.
  [[nodiscard]] Result<PlatformSample> sample();

  /// Ends everything that was started, kindly first; takes up to 8 s. May be called twice.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::lab
