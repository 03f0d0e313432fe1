#pragma once

#include <cstdint>

#include "common/base/options.h"
#include "services/lab/api/lab_address.h"

namespace hailstorm::lab {

/// `hail-lab queue-or-log`, at a lab that runs.
///
/// Thread safety: not safe.
class QueueCommand {
 public:
  /// This must remain live until Options::run_command().
  void add_to(Options& options);

 private:
  /// The exit code for main: 1 where the lab refused it.
  [[nodiscard]] int run() const;

  LabAddress address_{.lab = LabAddress::usual(), .token_file = {}, .bearer = {}};
  int64_t rides_ = 60;
  bool json_ = false;
};

}  // namespace hailstorm::lab
