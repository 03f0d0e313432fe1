#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "services/lab/agent/owner_thread.h"
#include "services/lab/platform/agent_client.h"
#include "services/lab/platform/lag_meter.h"
#include "services/lab/platform/layout.h"
#include "services/lab/platform/sample.h"
#include "services/lab/platform/status_reader.h"

namespace hailstorm::lab {

/// Holds the whole platform: starts an agent (a process of its own, which dies with this one) and
/// through it every process, breaks and restores them, and watches. In containers the platform runs
/// already, and each process belongs to its container's agent; the platform's own agent holds the
/// riders alone.
///
/// Thread safety: safe. One thread of its own starts the agent, which lives no longer than that,
/// and takes the samples; what breaks a process goes to its agent at once, and waits for no sample.
class Platform {
 public:
  /// `clock` must remain live while this is in use.
  Platform(PlatformSettings settings, const Clock& clock);
  ~Platform();  // stop()
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  /// Makes DATA and DATA/lab, starts the agent and all processes; they may not be ready yet.
  /// Errors: cannot_start, agent_failed.
  [[nodiscard]] Status start();

  // REQUIRES of all below, stop() apart: start() succeeded.

  /// SIGKILL, SIGSTOP, and back to life after either. Error agent_failed.
  [[nodiscard]] Status kill(const std::string& name);
  [[nodiscard]] Status freeze(const std::string& name);
  [[nodiscard]] Status restore(const std::string& name);

  /// Starts another process beside the platform; its output goes to DATA/lab/NAME.log.
  [[nodiscard]] Status run(const std::string& name, std::vector<std::string> argv);

  /// The state of all right now. Errors: agent_failed; died, when a process of the platform ended
  /// by itself: names its log.
  [[nodiscard]] Result<PlatformSample> sample();
  /// The newest that anybody took, if it is not older than that, else one of right now: for those
  /// who look beside others.
  [[nodiscard]] Result<PlatformSample> recent(int64_t max_age_ms);

  [[nodiscard]] const PlatformSettings& settings() const { return settings_; }
  [[nodiscard]] bool has(const std::string& process) const;
  /// Of a process; the platform's own for any other name. Lives as long as this.
  [[nodiscard]] AgentClient& agent_for(const std::string& name);
  /// All that hold a part of the platform, each once.
  [[nodiscard]] std::vector<AgentClient*> agents();

  /// Ends everything that was started, first with SIGTERM; takes up to 8 s. May be called twice.
  void stop();

 private:
  [[nodiscard]] std::string log_of(const std::string& name) const;
  [[nodiscard]] Status make_folders() const;
  [[nodiscard]] Status start_all();
  [[nodiscard]] Status start_agent();
  [[nodiscard]] Status connect_agents();
  [[nodiscard]] Status start_process(const std::string& name, std::vector<std::string> argv,
                                     RestartPolicy restart, const LinkServers& links);
  [[nodiscard]] Status act(const std::string& name, const char* verb);
  [[nodiscard]] Result<PlatformSample> take_sample();
  void add_containers(AgentClient::View& view);
  [[nodiscard]] ProcessSample describe(size_t index, const std::vector<ProcessInfo>& known,
                                       int64_t now_ms);
  void measure_lags(PlatformSample& sample);

  const PlatformSettings settings_;
  const Clock& clock_;
  const std::vector<ProcessPlan> plans_;
  std::deque<StatusReader> readers_;  // one for each plan
  std::optional<AgentClient> agent_;
  std::map<std::string, AgentClient> container_agents_;  // by process
  std::unique_ptr<LagMeter> lags_;
  pid_t agent_pid_ = 0;
  std::optional<PlatformSample> newest_;
  OwnerThread owner_;  // last: it uses all of the above
};

}  // namespace hailstorm::lab
