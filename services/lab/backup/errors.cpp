#include "services/lab/backup/errors.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>

namespace hailstorm::lab {

std::string_view name_of(BackupErrc code) {
  switch (code) {
    case BackupErrc::not_a_data_folder:
      return "not_a_data_folder";
    case BackupErrc::not_usable:
      return "not_usable";
    case BackupErrc::no_room:
      return "no_room";
    case BackupErrc::cannot_copy:
      return "cannot_copy";
    case BackupErrc::moving:
      return "moving";
    case BackupErrc::stopped:
      return "stopped";
    case BackupErrc::changed:
      return "changed";
  }
  return "unknown";
}

Error file_error(const std::string& what, const std::string& path) {
  const int code = errno;
  const bool is_full = code == ENOSPC || code == EDQUOT || code == EFBIG;
  return {is_full ? BackupErrc::no_room : BackupErrc::cannot_copy,
          fmt::format("cannot {} {}: {}", what, path, std::strerror(code))};
}

Error stopped_by_user() { return {BackupErrc::stopped, "stopped by a signal"}; }

}  // namespace hailstorm::lab
