#include "services/lab/backup/errors.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>

#include "common/base/enum_name.h"

namespace hailstorm::lab {

std::string_view name_of(BackupErrc code) { return enum_name(code); }

Error file_error(const std::string& what, const std::string& path) {
  const int code = errno;
  const bool is_full = code == ENOSPC || code == EDQUOT || code == EFBIG;
  return {is_full ? BackupErrc::no_room : BackupErrc::cannot_copy,
          fmt::format("cannot {} {}: {}", what, path, std::strerror(code))};
}

Error stopped_by_user() { return {BackupErrc::stopped, "stopped by a signal"}; }

}  // namespace hailstorm::lab
