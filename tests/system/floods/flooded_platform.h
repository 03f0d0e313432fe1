#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "common/base/clock.h"
#include "services/lab/audit/audit.h"
#include "services/lab/platform/platform.h"
#include "tests/support/child.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {

/// The platform that a test floods: the lab runs it, its agent holds the processes, riders ride. It
/// aborts with the reason where something that it waits for does not come in time.
///
/// Thread safety: used by one thread, with which the processes die.
class FloodedPlatform {
 public:
  /// Starts all; everything is ready when this returns.
  FloodedPlatform();

  /// Riders in the background on the log lane. One that gets no answer, or 5xx, asks again with the
  /// same key.
  void ride(int64_t count, double rate);
  void wait_for_riders();
  /// Until every group has read all records and every outbox is empty.
  void wait_until_quiet();

  [[nodiscard]] lab::Platform& running() { return *platform_; }
  /// What the lab sees now. Aborts where it sees nothing, or a process has died.
  [[nodiscard]] lab::PlatformSample sample();
  /// The process answers the lab within the lab's time limit.
  [[nodiscard]] bool is_seen(const std::string& process);
  /// The port of the probes of a process or of the "agent"; "log": the broker's port for clients.
  [[nodiscard]] int port_of(const std::string& process) const;
  /// Of the agent and all that it holds.
  [[nodiscard]] std::map<std::string, pid_t> pids();
  [[nodiscard]] std::filesystem::path data() const { return folder_.path(); }
  [[nodiscard]] lab::AuditReport audit() const;

  void wait_until(const std::string& what, const std::function<bool()>& condition) const;

 private:
  [[noreturn]] void fail(const std::string& what) const;

  TempFolder folder_;
  SystemClock clock_;
  lab::PlatformSettings settings_;
  std::unique_ptr<lab::Platform> platform_;
  Child riders_;
};

}  // namespace hailstorm::testing
