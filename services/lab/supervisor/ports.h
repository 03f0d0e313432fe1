#pragma once

#include "common/base/result.h"

namespace hailstorm::lab {

/// That nobody listens on the platform's ports, base_port and the seven above it. Error
/// port_in_use: names the port, who would have it, and what to do.
[[nodiscard]] Status check_ports(int base_port);

}  // namespace hailstorm::lab
