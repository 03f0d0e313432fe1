#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "services/lab/faults/fault.h"

/// The story as its file has it. Pure functions and values: safe from any thread.
namespace hailstorm::lab {

/// One act of the story as it is written.
struct Act {
  std::string name;   // for files and the report: "payment-frozen"
  std::string title;  // for people: "payment is frozen"
  std::vector<FaultRequest> faults = {};

  /// What the faults hit, in their order.
  [[nodiscard]] std::vector<std::string> targets() const;
  /// "none", "SIGKILL", "SIGSTOP"; of another fault the name of its action.
  [[nodiscard]] std::string_view fault_word() const;
};

/// The story, in order.
[[nodiscard]] Result<std::vector<Act>> scenario();
/// The acts of an experiment file: one for each activity of its method, whose name is "NAME:
/// TITLE". A probe is an act without a fault; an action asks the lab for a fault. Error bad_file,
/// with line and field.
[[nodiscard]] Result<std::vector<Act>> acts_of(std::string_view yaml);

/// A contiguous share of the rides.
struct Share {
  int64_t first = 0;
  int64_t count = 0;
};
/// `total` rides over `acts` acts as evenly as can be, the earlier ones getting one more.
[[nodiscard]] std::vector<Share> share_evenly(int64_t total, int64_t acts);

}  // namespace hailstorm::lab
