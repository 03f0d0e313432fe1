#pragma once

#include "common/http/http.h"
#include "services/lab/views/views.h"

/// What the lab's API answers to those who look. Safe from any thread.
namespace hailstorm::lab {

/// GET /api/state: the newest frame.
[[nodiscard]] http::Response state_answer(Views& views);
/// GET /api/recording, or /api/recording?seconds=60 for the last ones: JSON lines.
[[nodiscard]] http::Response recording_answer(const Views& views, const http::Request& request);

}  // namespace hailstorm::lab
