#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/log/admin.h"
#include "services/lab/agent/process_info.h"

namespace hailstorm::lab {

/// One process of the platform at one moment.
struct ProcessSample {
  ProcessInfo process;
  bool is_known = false;  // its agent answered
  bool is_service = false;
  bool held_down = false;  // by a fault: not running is right
  bool answers = false;    // to HTTP
  bool ready = false;
  std::string why_not;  // it is not ready, in its own words
  int64_t lag = 0;      // records that its group has not committed
  double lag_s = 0;     // the age of the oldest of them, in seconds
  int64_t outbox = 0;
  int64_t events = 0;  // since it started
  int64_t dead_letters = 0;
  double rate = 0;  // events per second

  [[nodiscard]] bool running() const { return process.state == ProcessState::running; }
  /// Ended by itself, not by a fault, and nobody starts it again.
  [[nodiscard]] bool died() const {
    return process.state == ProcessState::exited && !held_down && !process.comes_back;
  }
};

/// A link from one process to another: CALLER:SERVER.
struct LinkSample {
  std::string name;
  int64_t connections = 0;
};

/// The whole platform at one moment.
struct PlatformSample {
  int64_t at_ms = 0;  // steady clock
  std::vector<ProcessSample> processes;
  std::vector<ProcessInfo> others;  // what else the agent holds: riders
  std::vector<LinkSample> links;    // that agents hold
  bool lag_known = false;           // the broker answered; else lags and groups are older
  std::map<std::string, log::GroupDescription> groups;
  int64_t rss_kb = 0;  // of the platform, the agent and the lab; not the riders

  [[nodiscard]] const ProcessSample* find(const std::string& name) const;
  [[nodiscard]] const ProcessInfo* find_other(const std::string& name) const;
  /// The log lane's: every group's lag and every outbox.
  [[nodiscard]] int64_t lag() const;
  [[nodiscard]] int64_t events() const;
  [[nodiscard]] bool all_answer() const;
  [[nodiscard]] bool all_ready() const;
  /// "payment is not ready: …" of each that says why, and is not held down by a fault.
  [[nodiscard]] std::string why_not_ready() const;
  /// Nothing is on its way.
  [[nodiscard]] bool quiet() const { return lag_known && all_ready() && lag() == 0; }
};

}  // namespace hailstorm::lab
