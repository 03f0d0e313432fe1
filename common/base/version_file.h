#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/base/result.h"

/// The file VERSION of a data folder, one line: who wrote the folder, in which format. All of this
/// may be called from any thread and from several processes at once.
namespace hailstorm::version_file {

inline constexpr const char* kName = "VERSION";

/// Its line, or nothing where there is no such file. Errors of FolderErrc: damaged (empty, or no
/// line of text), not_usable (cannot be read).
[[nodiscard]] Result<std::optional<std::string>> read(const std::filesystem::path& folder);

/// Whole and durable once it returned: a crash leaves the file with its line, or none. Error of
/// FolderErrc: not_usable.
[[nodiscard]] Status write(const std::filesystem::path& folder, const std::string& line);

/// Whether a crash of write() may have left a file of this name.
[[nodiscard]] bool is_left_over(const std::string& name);

}  // namespace hailstorm::version_file
