#include "common/base/data_folder.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "common/base/private_folder.h"
#include "common/base/shortage.h"
#include "common/base/version_file.h"

namespace hailstorm {
namespace {

namespace fs = std::filesystem;

Error not_usable(const fs::path& path, std::string_view why) {
  return {FolderErrc::not_usable,
          fmt::format("cannot use the data folder {}: {}; choose another or mend its permissions",
                      path.string(), why)};
}

Error not_usable(const fs::path& path, int code) {
  if (!shortage_of(code)) return not_usable(path, std::strerror(code)).caused_by(code);
  return Error(FolderErrc::not_usable,
               fmt::format("cannot use the data folder {}: {}", path.string(), std::strerror(code)))
      .caused_by(code);
}

/// A file's bytes, or a folder's entries, survive a power cut.
Status sync(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool is_synced = fd >= 0 && ::fsync(fd) == 0;
  const int code = errno;
  if (fd >= 0) ::close(fd);
  return is_synced ? Status() : not_usable(path, code);
}

fs::path parent_of(const fs::path& path) {
  const fs::path parent = path.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

/// With its parents. What it made survives a power cut: else all that is in it would go as well.
Status make_folder(const fs::path& path) {
  std::error_code failure;
  if (fs::exists(path, failure)) return {};
  HAIL_RETURN_IF_ERROR(make_folder(parent_of(path)));
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return not_usable(path, errno);
  return sync(parent_of(path));
}

Status mark(const fs::path& folder, const std::string& version) {
  HAIL_RETURN_IF_ERROR(version_file::write(folder, version));
  HAIL_RETURN_IF_ERROR(sync(folder));
  // A start that was killed may have made the folder. One that others made is theirs to keep, and
  // so is a parent that we may not read.
  (void)sync(parent_of(folder));
  return {};
}

/// A file that none of our programs leaves in a folder before its VERSION, if there is one.
Result<std::optional<std::string>> foreign_file(const fs::path& folder) {
  std::error_code failure;
  std::optional<std::string> found;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const std::string name = entry->path().filename().string();
    // A file system of its own has the last one from the beginning.
    const bool is_harmless =
        name == "LOCK" || version_file::is_left_over(name) || name == "lost+found";
    if (!is_harmless) found = name;
  }
  if (failure) return not_usable(folder, failure.value());
  return found;
}

Error not_ours(const fs::path& folder, const std::string& file, const std::string& version) {
  std::string shown = file;
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return {
      FolderErrc::not_ours,
      fmt::format("the folder {} holds '{}' and no file VERSION, so it is not a data folder of "
                  "this program; choose another. If that file is lost, write the line \"{}\" to it",
                  folder.string(), shown, version)};
}

/// Before anything is made or changed: only a folder that is not there, is empty, or has a VERSION
/// may be taken.
Status check_may_take(const fs::path& path, const std::string& version) {
  std::error_code failure;
  const auto link = fs::symlink_status(path, failure);
  if (link.type() == fs::file_type::not_found) return {};
  const auto status = fs::status(path, failure);
  if (fs::is_symlink(link) && status.type() == fs::file_type::not_found)
    return not_usable(path, "it is a link to something that is not there");
  if (status.type() == fs::file_type::none) return not_usable(path, failure.value());
  if (!fs::is_directory(status)) return not_usable(path, "it is not a folder");
  HAIL_ASSIGN_OR_RETURN(const auto foreign, foreign_file(path));
  // The second look: another start may have written it meanwhile.
  if (!foreign || fs::exists(path / version_file::kName, failure)) return {};
  return not_ours(path, *foreign, version);
}

Error other_version(const fs::path& folder, const std::string& found, const std::string& expected) {
  return {FolderErrc::other_version,
          fmt::format("the data folder {} was written as \"{}\", this program needs \"{}\"; use "
                      "the program of that version, or another folder",
                      folder.string(), found, expected)};
}

Error in_use(const fs::path& folder) {
  return Error(FolderErrc::in_use,
               fmt::format("the data folder {} is in use by another process; stop that process or "
                           "choose another folder",
                           folder.string()))
      .caused_by(EBUSY);
}

Status check_version(const fs::path& folder, const std::string& expected) {
  HAIL_ASSIGN_OR_RETURN(const auto found, version_file::read(folder));
  if (!found) return mark(folder, expected);
  return *found == expected ? Status() : other_version(folder, *found, expected);
}

}  // namespace

Result<DataFolder> DataFolder::open(const fs::path& given, std::string_view name, int format,
                                    Sharing sharing) {
  const fs::path path = given.has_filename() ? given : given.parent_path();  // "data/"
  const std::string version = fmt::format("{} {}", name, format);
  HAIL_RETURN_IF_ERROR(check_may_take(path, version));
  HAIL_RETURN_IF_ERROR(make_folder(path));
  const int fd = ::open((path / "LOCK").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) return not_usable(path, errno);
  DataFolder folder(path, fd);
  const int mode = sharing == Sharing::exclusive ? LOCK_EX : LOCK_SH;
  if (::flock(fd, mode | LOCK_NB) != 0) return in_use(path);
  HAIL_RETURN_IF_ERROR(check_version(path, version));
  make_private(path);
  return folder;
}

Result<DataFolder> DataFolder::look(const fs::path& path, std::string_view name, int format) {
  std::error_code failure;
  if (!fs::is_directory(path, failure))
    return not_usable(path, failure ? failure.message() : "it is not a folder");
  const int fd = ::open((path / "LOCK").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno != ENOENT) return not_usable(path, errno);
  DataFolder folder(path, fd);
  if (fd >= 0 && ::flock(fd, LOCK_SH | LOCK_NB) != 0) return in_use(path);
  const std::string expected = fmt::format("{} {}", name, format);
  HAIL_ASSIGN_OR_RETURN(const auto found, version_file::read(path));
  if (!found) return not_usable(path, fmt::format("no file VERSION of {} is in it", name));
  if (*found != expected) return other_version(path, *found, expected);
  return folder;
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_fd_(std::exchange(other.lock_fd_, -1)) {}

DataFolder::~DataFolder() {
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

}  // namespace hailstorm
