#pragma once

#include <memory>

#include "common/base/address.h"
#include "common/log/log.h"

/// The engine that speaks to Hailstorm's own broker.
namespace hailstorm::log::hail {

/// The engine of the broker at `address`; connects later.
[[nodiscard]] std::unique_ptr<Engine> open_engine(Address address);

}  // namespace hailstorm::log::hail
