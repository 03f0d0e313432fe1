#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "services/lab/faults/fault.h"
#include "services/lab/faults/injection.h"
#include "services/lab/faults/lease.h"

namespace hailstorm::lab {

/// The faults that are on, one lease for each target and action, and the last ones that ended. It
/// reverts by itself whatever it injected: at the end of the lease, and at its own end.
///
/// Thread safety: safe.
class FaultBoard {
 public:
  static constexpr size_t kMostEnded = 200;
  static constexpr size_t kMostOn = 64;

  /// `makers` are asked in their order. They and `clock`, which times the leases, must remain live
  /// while this is in use.
  FaultBoard(std::vector<FaultMaker> makers, const Clock& clock, LeaseTimes times = {});
  ~FaultBoard();  // close()
  FaultBoard(const FaultBoard&) = delete;
  FaultBoard& operator=(const FaultBoard&) = delete;

  /// Injects and proves: gives it when it is proven or not_proven, within 3 s. Errors: any but
  /// unknown_fault; an id that is known already is a bad_request.
  [[nodiscard]] Result<FaultState> ask(FaultRequest request);
  /// The fault for which an ask of that target and action is refused as held.
  [[nodiscard]] std::optional<FaultState> holder_of(const std::string& target,
                                                    FaultAction action) const;

  /// Those that are on, and the last that ended, in the order of their asks.
  [[nodiscard]] std::vector<FaultState> list();
  /// Error unknown_fault.
  [[nodiscard]] Result<FaultState> find(const std::string& id);
  /// Reverts now; gives it when it is reverted, or after 2 s. Fine for one that has ended. Error
  /// unknown_fault.
  [[nodiscard]] Result<FaultState> revert(const std::string& id);
  /// The same for all that are on; gives their number.
  size_t reset();
  /// Reverts all and takes no more.
  void close();

 private:
  using Shared = std::shared_ptr<Lease>;

  [[nodiscard]] Result<std::unique_ptr<Fault>> make(const FaultRequest& request) const;
  [[nodiscard]] Shared holder_locked(const std::string& target, FaultAction action) const;
  [[nodiscard]] Status admit_locked(FaultRequest& request);
  /// Keeps of those that are over only what became of them.
  void file_ended_locked();
  [[nodiscard]] std::vector<Shared> holding();

  const std::vector<FaultMaker> makers_;
  const Clock& clock_;
  const LeaseTimes times_;
  mutable std::mutex mutex_;
  std::vector<Shared> leases_;
  std::deque<FaultState> ended_;
  uint64_t ids_ = 0;
  bool is_closed_ = false;
};

}  // namespace hailstorm::lab
