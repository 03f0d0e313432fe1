#pragma once

#include <map>
#include <mutex>
#include <string>
#include <sys/types.h>

namespace hailstorm::lab {

/// The holds that keep processes stopped (SIGSTOP). A process is stopped as long as one wants it to
/// be. Holds belong to the name, so that what is started meanwhile is stopped at once, but for
/// those of kByHand, which end with the process.
///
/// Thread safety: safe, and never waits: it is called many times a second for slow processes.
class StopHolds {
 public:
  static constexpr const char* kByHand = "";

  void hold(const std::string& name, const std::string& holder, bool part_time);
  /// SIGCONT when nobody else holds it, also where it was stopped by somebody unknown.
  void release(const std::string& name, const std::string& holder);

  void started(const std::string& name, pid_t pid);
  /// From now on no signal is sent to the pid; it goes on if it was stopped. Before it is reaped,
  /// for its pid may then be another process's.
  void ends(const std::string& name);

  /// Whether all its holders release it again at once.
  [[nodiscard]] bool is_part_time(const std::string& name) const;
  [[nodiscard]] bool is_held(const std::string& name) const;

 private:
  struct OneProcess {
    pid_t pid = 0;
    std::map<std::string, bool> holders;  // holder → part_time
  };

  mutable std::mutex mutex_;
  std::map<std::string, OneProcess> processes_;
};

}  // namespace hailstorm::lab
