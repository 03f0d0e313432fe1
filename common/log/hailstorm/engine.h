#pragma once

#include <memory>

#include "common/base/address.h"
#include "common/log/engine.h"
#include "common/log/hailstorm/environment.h"

/// The engine that speaks to Hailstorm's own broker.
namespace hailstorm::log::hail {

/// The engine of the broker at `address`; connects later.
[[nodiscard]] std::unique_ptr<Engine> open_engine(Address address);

/// An engine with its network, time and ids from outside, for tests.
[[nodiscard]] std::unique_ptr<Engine> open_engine(Environment environment);

}  // namespace hailstorm::log::hail
