#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/broker/groups/schedule_step.h"

namespace hailstorm::groups {

using Schedule = std::vector<Event>;

[[nodiscard]] Schedule make_schedule(uint64_t seed);
/// Runs it, and lets the group settle at its end. Gives the first failure, or an empty text.
[[nodiscard]] std::string run(const Schedule& schedule);
/// The shortest beginning of `failing` that fails too, without the steps that do not matter.
[[nodiscard]] Schedule shrink(Schedule failing);
[[nodiscard]] std::string text_of(const Schedule& schedule);

}  // namespace hailstorm::groups
