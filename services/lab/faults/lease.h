#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "common/base/clock.h"
#include "services/lab/faults/fault.h"
#include "services/lab/faults/injection.h"

namespace hailstorm::lab {

/// How long a lease looks for a proof, in time that really passes.
struct LeaseTimes {
  std::chrono::milliseconds proof{2'500};       // from the ask on; then it is not proven
  std::chrono::milliseconds off_proof{15'000};  // from the revert on; then it is not proven off
  std::chrono::milliseconds between_looks{20};
  std::chrono::milliseconds between_reverts{200};  // while revert() fails
};

/// One fault from its ask to the proof that it is over. It injects, proves, waits for the end of
/// the lease and reverts on a thread of its own, so that no fault delays the end of another.
///
/// Thread safety: safe.
class Lease {
 public:
  /// `clock` times the lease; it must remain live while this is in use.
  Lease(FaultRequest request, std::unique_ptr<Fault> fault, const Clock& clock, LeaseTimes times);
  /// Reverts if it is on. A revert that fails is tried three times.
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  [[nodiscard]] FaultState state() const;
  /// Waits until it is proven, not proven, or could not be injected: the errors of Fault.
  [[nodiscard]] Result<FaultState> await_proof();
  /// Ends the lease now.
  void end();
  /// Waits for the revert, for at most so long; false: not yet reverted.
  bool await_revert(std::chrono::milliseconds patience);
  /// No more looks for the proof that it is off: another fault of its kind begins.
  void stop_looking();
  /// Its thread does nothing any more.
  [[nodiscard]] bool is_over() const;
  /// It is to be injected, on, or to be reverted.
  [[nodiscard]] bool holds() const;

 private:
  void run();
  [[nodiscard]] bool inject();
  void prove();
  void wait_for_end();
  void revert();
  void prove_off();
  /// Looks again and again until the probe says `wanted` or `looking` is false.
  [[nodiscard]] Probe look_for(Effect wanted, const std::function<bool()>& looking);
  void change(const std::function<void(FaultState&)>& by);
  void pause(std::chrono::milliseconds duration, const bool& unless);

  const Clock& clock_;
  const LeaseTimes times_;
  const std::chrono::steady_clock::time_point proof_deadline_;
  const std::unique_ptr<Fault> fault_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  FaultState state_;
  std::optional<Error> failure_;  // of inject()
  int64_t ends_at_ms_ = 0;        // of the steady clock
  bool is_asked_to_end_ = false;
  bool is_closing_ = false;
  bool has_looked_enough_ = false;
  bool is_over_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace hailstorm::lab
