#pragma once

#include <filesystem>

namespace hailstorm {

/// Lets only the owner into a folder that an earlier version, or a copy, left open to other users:
/// takes the rights of all others away from what is in it, then from the folder itself, and logs
/// so. A folder that is private already costs one look. Where this process may not do that, because
/// the folder is another user's, the log says so and nothing else happens. Thread safety: safe.
void make_private(const std::filesystem::path& folder);

}  // namespace hailstorm
