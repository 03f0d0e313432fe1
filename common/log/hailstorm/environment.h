#pragma once

#include <functional>

#include "common/base/clock.h"
#include "common/base/uuid.h"
#include "common/log/hailstorm/transport.h"

namespace hailstorm::log::hail {

class ManualLoops;

/// All that a client takes from outside. With a clock, a transport and ids of its own, and with
/// loops that it runs itself, a test has the client on its own thread, step by step. What is
/// referred to must outlive the client.
///
/// Thread safety: a value; `make_id` may be called from any thread.
struct Environment {
  Transport& transport;
  const Clock& clock;
  std::function<Uuid()> make_id;
  ManualLoops* manual_loops = nullptr;  // null: threads run the loops while no caller does
};

}  // namespace hailstorm::log::hail
