#pragma once

#include <string_view>

namespace hailstorm {

/// Why a program does not take a data folder.
enum class FolderErrc {
  in_use,
  other_version,
  not_usable,  // no permission, not a folder
  not_ours,    // it holds files of others
  damaged,     // its VERSION is empty, or no line of text
};
[[nodiscard]] std::string_view name_of(FolderErrc code);

}  // namespace hailstorm
