#include "common/base/private_folder.h"

#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <system_error>

#include "common/base/logging.h"

namespace hailstorm {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

/// False with errno where it cannot be done. What is gone meanwhile, or is a link, needs nothing.
bool take_from_others(const fs::path& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return errno == ENOENT;
  const bool has_rights = S_ISREG(found.st_mode) || S_ISDIR(found.st_mode);
  if (!has_rights || (found.st_mode & kOthers) == 0) return true;
  return ::chmod(path.c_str(), found.st_mode & 07777 & ~kOthers) == 0 || errno == ENOENT;
}

/// The folder itself comes last: a process that dies before does all of it at the next start.
bool take_all_from_others(const fs::path& folder) {
  std::error_code failure;
  fs::recursive_directory_iterator entry(folder, failure);
  for (const fs::recursive_directory_iterator end; !failure && entry != end;
       entry.increment(failure)) {
    if (!take_from_others(entry->path())) return false;
  }
  return take_from_others(folder);
}

}  // namespace

void make_private(const fs::path& folder) {
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0 || (found.st_mode & kOthers) == 0) return;
  if (take_all_from_others(folder)) {
    log_info("the data folder was open to other users; now it is its owner's alone",
             {{"folder", folder.string()}});
  } else {
    log_warn("other users may look into the data folder, and its rights cannot be changed",
             {{"folder", folder.string()}, {"why", std::strerror(errno)}});
  }
}

}  // namespace hailstorm
