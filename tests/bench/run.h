#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <sys/types.h>

#include "tests/bench/workloads.h"

namespace hailstorm::testing {

/// Times one workload and prints its line of JSON.
///
/// Thread safety: not safe. The workload must remain live while it is in use.
class Run {
 public:
  /// `broker`: the process whose time is measured; 0: none is.
  Run(const Workload& workload, const std::string& peer, const std::string& name, pid_t broker);

  nlohmann::ordered_json& line() { return line_; }
  [[nodiscard]] double elapsed_s() const;
  nlohmann::ordered_json finish(int64_t messages);

 private:
  [[nodiscard]] double broker_cpu_s() const;

  const Workload& workload_;
  pid_t broker_;
  double cpu_s_;
  int64_t start_us_;
  nlohmann::ordered_json line_;
};

}  // namespace hailstorm::testing
