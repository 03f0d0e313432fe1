#pragma once

#include <cstdint>
#include <string>

#include "common/base/options.h"
#include "common/base/stop_signal.h"
#include "services/lab/api/lab_address.h"

namespace hailstorm::lab {

/// What `hail-lab record` takes.
struct RecordSettings {
  std::string file;
  LabAddress lab{.lab = LabAddress::usual(), .token_file = {}, .bearer = {}};
  int64_t seconds = 0;  // from now on; 0: what the lab has

  void add_to(Options& options);
};

/// `hail-lab record FILE`: the lab's recording and an audit of its end. Waits for the seconds that
/// are to be recorded; a stop ends them early. The exit code for main: 0; 1 where the lab has no
/// recording or the file cannot be written; 2 for bad usage.
[[nodiscard]] int run_record(const RecordSettings& settings, const StopSignal& stop);

}  // namespace hailstorm::lab
