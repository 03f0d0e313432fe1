#pragma once

#include "services/lab/faults/injection.h"
#include "services/lab/faults/process_control.h"

namespace hailstorm::lab {

/// kill, restart, freeze, slow, store_lock, disk_full and power_cut of a process. `processes` must
/// remain live as long as the maker and what it made.
[[nodiscard]] FaultMaker process_fault_maker(ProcessControl& processes);

}  // namespace hailstorm::lab
