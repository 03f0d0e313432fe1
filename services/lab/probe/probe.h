#pragma once

#include <string>

namespace hailstorm::lab {

/// `hail-lab probe URL`, for health checks: GET, and exit code 0 for 200, else 1 and why on
/// standard error; 2 for what is no address.
[[nodiscard]] int probe(const std::string& url);

}  // namespace hailstorm::lab
