#pragma once

#include "common/base/address.h"
#include "services/lab/api/lab_server.h"
#include "services/lab/runs/run_desk.h"

namespace hailstorm::lab {

/// Adds the routes of experiments, blasts and storms. `desk` must remain live while the server
/// runs; `lab` is where it listens.
void add_run_routes(LabServer& server, RunDesk& desk, const Address& lab);

}  // namespace hailstorm::lab
