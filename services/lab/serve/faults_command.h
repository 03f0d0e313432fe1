#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/options.h"
#include "common/base/result.h"
#include "services/lab/api/lab_address.h"
#include "services/lab/faults/fault.h"

namespace hailstorm::lab {

/// `hail-lab faults list|inject|revert|reset`: faults from a shell, over the lab's API.
class FaultsCommand {
 public:
  /// Adds the command with its own commands. This must remain live until Options::run_command().
  void add_to(Options& options);

 private:
  /// Errors: bad_request.
  [[nodiscard]] Result<FaultRequest> request() const;
  // Each gives the exit code for main: 0 it is as asked (injected: and proven), 1 it is not, 2 bad
  // usage.
  [[nodiscard]] int list() const;
  [[nodiscard]] int inject() const;
  [[nodiscard]] int revert() const;
  [[nodiscard]] int reset() const;

  LabAddress address_{.lab = LabAddress::usual(), .token_file = {}, .bearer = {}};
  std::string target_;
  std::string action_;
  std::string duration_ = "10s";
  std::vector<std::string> attributes_;  // NAME=VALUE
  int64_t seed_ = 0;
  std::string by_ = "hail-lab faults";
  std::string id_;
};

}  // namespace hailstorm::lab
