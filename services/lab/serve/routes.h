#pragma once

#include "services/lab/api/lab_server.h"

namespace hailstorm::lab {

class Lab;

/// Adds every route of the lab's API. `lab` must remain live while the server runs.
void add_routes(LabServer& server, Lab& lab);

}  // namespace hailstorm::lab
