#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace hailstorm::lab {

/// Why a copy was not made, or is none.
enum class BackupErrc {
  not_a_data_folder,
  not_usable,  // the place of the copy: not empty, no folder to make it in, no permission
  no_room,
  cannot_copy,  // a file cannot be read or written
  moving,       // files were removed, or added, while they were looked at; the next try may succeed
  stopped,      // by a signal
  changed,      // a file of a copy is not as it was written
};
[[nodiscard]] std::string_view name_of(BackupErrc code);

/// True: the user has stopped the copy.
using IsStopped = std::function<bool()>;

/// The error that `errno` means for a file; a full disk is no_room.
[[nodiscard]] Error file_error(const std::string& what, const std::string& path);
[[nodiscard]] Error stopped_by_user();

}  // namespace hailstorm::lab
