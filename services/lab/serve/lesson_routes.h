#pragma once

#include "common/base/address.h"
#include "services/lab/api/lab_server.h"

namespace hailstorm::lab {

/// Adds the routes of the shipped lessons and experiments, and the check of an experiment's text.
/// `lab` is where the server listens.
void add_lesson_routes(LabServer& server, const Address& lab);

}  // namespace hailstorm::lab
