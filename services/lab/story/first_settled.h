#pragma once

#include <filesystem>

namespace hailstorm::lab {

/// Whether any ride of the log lane is settled by now, as the audit sees it. Reads every row of the
/// stores, so it is meant for the first moments of a fresh folder.
[[nodiscard]] bool any_ride_settled(const std::filesystem::path& data);

}  // namespace hailstorm::lab
