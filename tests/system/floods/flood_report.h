#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/system/floods/flood_steps.h"
#include "tests/system/floods/machine_load.h"

namespace hailstorm::testing {

/// A ride's answer, as the rider received it.
struct RiderAnswer {
  int64_t sent_second = 0;  // of the wall clock
  int64_t answered_second = 0;
  double latency_ms = 0;
};
[[nodiscard]] std::vector<RiderAnswer> read_answers(const std::filesystem::path& data);

struct Memory {
  std::string process;
  double peak_mb = 0;
  double bound_mb = 0;
};

/// The results of a whole run.
struct FloodReport {
  std::vector<StepResult> steps;
  std::vector<RiderAnswer> answers;
  std::vector<Memory> memory;
  std::string audit_text;
  bool audit_is_clean = false;

  /// The tables, and the verdict as the last line.
  [[nodiscard]] std::string text(const MachineLoad& load) const;
  /// What does not hold, in words; empty: everything holds. Seconds in which the floods took the
  /// machine's whole processor count only for the audit and the memory.
  [[nodiscard]] std::vector<std::string> faults(const MachineLoad& load) const;
};

/// The most memory that a process may have resident, whatever its peers do.
[[nodiscard]] double memory_bound_mb(const std::string& process);

}  // namespace hailstorm::testing
