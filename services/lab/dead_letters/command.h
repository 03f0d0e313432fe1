#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/base/options.h"
#include "services/lab/api/lab_address.h"
#include "services/lab/dead_letters/desk.h"

namespace hailstorm::lab {

/// `hail-lab dead-letters list|show|replay`: at a lab that runs, or at the broker.
///
/// Thread safety: not safe.
class DeadLettersCommand {
 public:
  /// Adds the command with its own commands. This must remain live until Options::run_command().
  void add_to(Options& options);

 private:
  using Work = std::function<Result<json::Value>(LetterDesk&)>;
  // Each gives the exit code for main: 0 it is as asked, 1 it is not, 2 bad usage.
  [[nodiscard]] int list();
  [[nodiscard]] int show();
  [[nodiscard]] int replay();
  /// `work` at the desk that the options name, and what `print` makes of its result.
  [[nodiscard]] int at_desk(const Work& work, const std::function<int(const json::Value&)>& print);

  LabAddress address_;
  std::string broker_ = "hailstorm://127.0.0.1:7400";
  bool json_ = false;
  bool all_ = false;
  std::string id_;
  std::vector<std::string> ids_;
};

}  // namespace hailstorm::lab
