#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "services/lab/api/lab_client.h"
#include "services/lab/api/lab_server.h"
#include "services/lab/faults/fault.h"
#include "tests/support/free_ports.h"

namespace hailstorm::testing {

/// A lab without a platform, for the tests of the lab's clients: the real API over HTTP, and
/// answers as a test wants them. A fault is proven at once and reverts after its duration.
///
/// Thread safety: settings are made before start(); the rest is safe.
class ScriptedLab {
 public:
  ScriptedLab();

  /// Why this fault is refused; nothing: it is injected.
  std::function<std::optional<Error>(const lab::FaultRequest&)> refuse = [](const auto&) {
    return std::nullopt;
  };
  /// What becomes of a fault that was injected, before anyone sees it.
  std::function<void(lab::FaultState&)> change = [](lab::FaultState&) {};
  /// Changes a frame of a platform that is well.
  std::function<void(json::Value& frame, const std::vector<lab::FaultState>& on)> paint =
      [](json::Value&, const std::vector<lab::FaultState>&) {};
  int64_t lost = 0;  // that the audit finds

  void start();
  [[nodiscard]] lab::LabClient client() const;
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::string bearer() const { return "Bearer " + token_; }

  /// All that were injected, the oldest first.
  [[nodiscard]] std::vector<lab::FaultState> faults();
  /// The rates that riders were asked for, in order.
  [[nodiscard]] std::vector<double> rates();

 private:
  [[nodiscard]] Result<json::Value> inject(const json::Value& document);
  [[nodiscard]] json::Value frame();
  [[nodiscard]] json::Value audit();
  void let_time_pass();
  void set_rate(double rate);

  const std::string token_ = "0123456789abcdef0123456789abcdef";
  const int port_ = free_port();
  const SystemClock clock_;
  std::mutex mutex_;
  std::vector<lab::FaultState> faults_;
  std::vector<double> rates_;
  double rides_ = 0;
  int64_t counted_at_ms_ = 0;
  int64_t seq_ = 0;
  lab::LabServer server_;
};

}  // namespace hailstorm::testing
