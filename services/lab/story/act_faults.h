#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/http/http.h"
#include "services/lab/faults/fault.h"
#include "services/lab/serve/fault_desk.h"

namespace hailstorm::lab {

/// The faults of one act. They are on until the story ends them; where the story is gone, its
/// agents end them after an hour.
///
/// Thread safety: not safe.
class ActFaults {
 public:
  /// `desk` must remain live while this is in use.
  ActFaults(std::vector<FaultRequest> requests, FaultDesk& desk)
      : requests_(std::move(requests)), desk_(desk) {}

  /// Injects all, one after the other; each has been looked for when this returns. Errors: failed,
  /// where one was refused; the others may be on.
  [[nodiscard]] Status inject();
  /// Reverts those that are on. Error failed: one could not be.
  [[nodiscard]] Status revert();

  /// A sentence for each fault that no probe found.
  [[nodiscard]] const std::vector<std::string>& not_proven() const { return not_proven_; }

 private:
  std::vector<FaultRequest> requests_;
  FaultDesk& desk_;
  std::vector<std::string> on_;  // ids
  std::vector<std::string> not_proven_;
};

/// What an agent's answer says of a fault. Error failed: it refused; has its words.
[[nodiscard]] Result<FaultState> fault_in_answer(const http::Response& answer);
/// "kill of payment was not proven (what was probed)"; empty: it was proven.
[[nodiscard]] std::string why_not_proven(const FaultState& state);

}  // namespace hailstorm::lab
