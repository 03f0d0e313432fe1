#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "services/lab/agent/process_table.h"
#include "services/lab/faults/process_control.h"

namespace hailstorm::lab {

/// Where a program has its data; empty: not known.
[[nodiscard]] std::string data_of(const SpawnRequest& request);

/// An agent's processes, as its faults see them. Thread safety: safe.
class FaultControl final : public ProcessControl {
 public:
  /// `programs` is the folder of the product's programs; `table` must remain live while this is in
  /// use.
  FaultControl(ProcessTable& table, std::filesystem::path programs)
      : table_(table), programs_(std::move(programs)) {}

  Result<View> look(const std::string& name) override;
  Status hold_down(const std::string& name, const std::string& holder) override;
  Status let_up(const std::string& name, const std::string& holder) override;
  Status restart(const std::string& name, int grace_ms) override;
  void hold_stopped(const std::string& name, const std::string& holder, bool part_time) override;
  void release(const std::string& name, const std::string& holder) override;
  Result<std::string> run_program(const std::string& program,
                                  std::vector<std::string> arguments) override;

 private:
  ProcessTable& table_;
  const std::filesystem::path programs_;
};

}  // namespace hailstorm::lab
