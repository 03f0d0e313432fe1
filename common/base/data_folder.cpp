#include "common/base/data_folder.h"

#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace hailstorm {
namespace {

namespace fs = std::filesystem;

Error not_usable(const fs::path& path, std::string_view why) {
  return {FolderErrc::not_usable,
          fmt::format("cannot use the data folder {}: {}; choose another or mend its permissions",
                      path.string(), why)};
}

Status check_version(const fs::path& folder, const std::string& expected) {
  const fs::path file = folder / "VERSION";
  if (fs::exists(file)) {
    std::string found;
    std::getline(std::ifstream(file), found);
    if (found == expected) return {};
    if (!found.empty()) {  // empty: a crash between creating and writing it, so nothing else is
                           // here yet
      return Error(
          FolderErrc::other_version,
          fmt::format("the data folder {} was written as \"{}\", this program needs \"{}\"; use "
                      "the program of that version, or another folder",
                      folder.string(), found, expected));
    }
  }
  std::ofstream out(file);
  out << expected << '\n' << std::flush;
  if (!out) return not_usable(folder, std::strerror(errno));
  return {};
}

}  // namespace

std::string_view name_of(FolderErrc code) {
  switch (code) {
    case FolderErrc::in_use:
      return "in_use";
    case FolderErrc::other_version:
      return "other_version";
    case FolderErrc::not_usable:
      return "not_usable";
  }
  return "unknown";
}

Result<DataFolder> DataFolder::open(const fs::path& path, std::string_view name, int format,
                                    Sharing sharing) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure) return not_usable(path, failure.message());
  const int fd = ::open((path / "LOCK").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (fd < 0) return not_usable(path, std::strerror(errno));
  DataFolder folder(path, fd);
  const int mode = sharing == Sharing::exclusive ? LOCK_EX : LOCK_SH;
  if (::flock(fd, mode | LOCK_NB) != 0) {
    return Error(
        FolderErrc::in_use,
        fmt::format("the data folder {} is in use by another process; stop that process or "
                    "choose another folder",
                    path.string()));
  }
  HAIL_RETURN_IF_ERROR(check_version(path, fmt::format("{} {}", name, format)));
  return folder;
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_fd_(std::exchange(other.lock_fd_, -1)) {}

DataFolder::~DataFolder() {
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

}  // namespace hailstorm
