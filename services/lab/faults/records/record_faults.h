#pragma once

#include <string>

#include "services/lab/faults/injection.h"

namespace hailstorm::lab {

/// poison and duplicate of a topic, redeliver of a group; the log is at `broker_url`
/// ("hailstorm://HOST:PORT").
///
/// They happen at once and leave nothing that could be taken back: revert() does nothing, and the
/// lease only keeps a second fault of the kind away. Each is on as soon as the log shows it, and
/// off when every live group that reads there has gone on past it. Errors of inject() besides those
/// of Fault: unknown_target, where there is no such topic or group.
[[nodiscard]] FaultMaker record_fault_maker(std::string broker_url);

}  // namespace hailstorm::lab
