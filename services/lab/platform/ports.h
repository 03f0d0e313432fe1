#pragma once

#include "common/base/result.h"

namespace hailstorm::lab {

/// The highest base port for which every port of the platform exists.
[[nodiscard]] int highest_base_port();

/// Whether the platform's ports are free; safe from any thread. Error port_in_use: names the port,
/// the process that needs it, and what to do.
[[nodiscard]] Status check_ports(int base_port);

}  // namespace hailstorm::lab
