#pragma once

#include <functional>

#include "common/http/router.h"
#include "common/http/server.h"
#include "services/lab/faults/fault_board.h"

namespace hailstorm::lab {

/// Adds the routes of an agent's faults to its server, each wrapped by `guarded`:
///   POST   /faults (FaultRequest)   201 FaultState when it is proven or not_proven
///   GET    /faults                  {"faults":[FaultState…]}: those on, and the last that ended
///   GET    /faults/ID               FaultState
///   DELETE /faults/ID               reverts now; FaultState
///   POST   /faults/reset            reverts all; {"reverted":N}
/// Failures are problems: 404 unknown target or fault, 409 held ("holder" and "holder_id" name
/// whose fault it is), 422 bad request or not possible here, 500 the system refused.
/// `board` must remain live as long as the server.
void add_fault_routes(http::Server& server, FaultBoard& board,
                      const std::function<http::Handler(http::Handler)>& guarded);

}  // namespace hailstorm::lab
