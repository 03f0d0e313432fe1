#pragma once

#include <memory>

#include "common/base/address.h"
#include "common/log/hailstorm/transport.h"

namespace hailstorm::log::hail {

/// Connections over ZeroMQ, which share one context.
///
/// Thread safety: safe.
[[nodiscard]] std::unique_ptr<Transport> make_zmq_transport(Address address);

}  // namespace hailstorm::log::hail
