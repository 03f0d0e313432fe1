#pragma once

#include <memory>
#include <string>

#include "common/log/log.h"

/// The engine that speaks to Hailstorm's own broker.
namespace hailstorm::log::hail {

/// `address` is HOST:PORT, with an optional slash behind it. Error refused: it is not.
[[nodiscard]] Result<std::unique_ptr<Engine>> open_engine(std::string address);

}  // namespace hailstorm::log::hail
