#include "common/base/output_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "common/base/enum_name.h"
#include "common/base/process.h"

namespace hailstorm {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as the kernel follows

/// An open file. close() says whether all of it was written.
class OpenFile {
 public:
  explicit OpenFile(int fd) : fd_(fd) {}
  ~OpenFile() { (void)close(); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool close() {
    const int fd = std::exchange(fd_, -1);
    return fd < 0 || ::close(fd) == 0;
  }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = ::write(fd, text.data(), text.size());
    if (wrote < 0 && errno != EINTR) return false;
    if (wrote > 0) text.remove_prefix(static_cast<size_t>(wrote));
  }
  return true;
}

/// Where a chain of links ends, which need not be there.
fs::path follow_links(fs::path path) {
  std::error_code failed;
  for (int i = 0; i < kMostLinks && fs::is_symlink(path, failed); ++i) {
    const fs::path to = fs::read_symlink(path, failed);
    if (failed) break;
    path = path.parent_path() / to;  // `to` alone where it is absolute
  }
  return path;
}

/// Standard output or standard error goes to this very file.
std::optional<int> stream_into(const struct stat& file) {
  for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat stream {};
    if (::fstat(fd, &stream) == 0 && stream.st_dev == file.st_dev && stream.st_ino == file.st_ino) {
      return fd;
    }
  }
  return std::nullopt;
}

std::string folder_of(const std::string& file) {
  const fs::path folder = fs::path(file).parent_path();
  return folder.empty() ? "." : folder.string();
}

/// Why a file of this kind is not written to, if it is not.
std::optional<std::string> unusable_kind(mode_t mode) {
  if (S_ISDIR(mode)) return "it is a folder; name a file in it";
  if (S_ISBLK(mode)) return "it is a disk";
  if (S_ISSOCK(mode)) return "it is a socket";
  return std::nullopt;
}

/// Why no file can be made at `path`, if none can.
std::optional<std::string> unusable_folder(const std::string& path) {
  const std::string folder = folder_of(path);
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0) {
    return fmt::format("its folder {} cannot be used: {}", folder, std::strerror(errno));
  }
  if (!S_ISDIR(found.st_mode)) return fmt::format("{} is no folder", folder);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    return fmt::format("no file can be made in {}: {}", folder, std::strerror(errno));
  }
  return std::nullopt;
}

/// The permissions of the file that is replaced, or those of any new one.
mode_t mode_for(const std::string& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) == 0) return found.st_mode & 07777;
  return 0666 & ~umask_of_caller();
}

/// 0 or the errno of the failure.
int replace(const std::string& file, std::string_view text) {
  std::string beside = file + ".part-XXXXXX";
  OpenFile part(::mkostemp(beside.data(), O_CLOEXEC));
  if (part.get() < 0) return errno;
  const bool done = ::fchmod(part.get(), mode_for(file)) == 0 && write_all(part.get(), text) &&
                    part.close() && ::rename(beside.c_str(), file.c_str()) == 0;
  const int reason = done ? 0 : errno;
  if (!done) ::unlink(beside.c_str());
  return reason;
}

/// 0 or the errno of the failure.
int write_in_place(const std::string& path, std::string_view text) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return errno;
  if (const auto stream = stream_into(found)) return write_all(*stream, text) ? 0 : errno;
  // Without O_NONBLOCK it would wait for a FIFO's reader.
  OpenFile file(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return errno;
  ::fcntl(file.get(), F_SETFL, 0);
  return write_all(file.get(), text) && file.close() ? 0 : errno;
}

}  // namespace

std::string_view name_of(OutputErrc code) { return enum_name(code); }

Result<OutputFile> OutputFile::check(const std::string& path) {
  const auto refuse = [&](const std::string& why) {
    return Error(OutputErrc::not_usable, fmt::format("cannot write {}: {}", path, why));
  };
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    if (errno != ENOENT) return refuse(std::strerror(errno));
    const std::string target = follow_links(path).string();
    if (target.ends_with('/')) return refuse("it is named like a folder; name a file");
    if (const auto why = unusable_folder(target)) return refuse(*why);
    return OutputFile(path, target, false);
  }
  if (const auto why = unusable_kind(found.st_mode)) return refuse(*why);
  if (::access(path.c_str(), W_OK) != 0) return refuse(std::strerror(errno));
  const bool in_place = !S_ISREG(found.st_mode) || stream_into(found);
  if (in_place) return OutputFile(path, path, true);
  const std::string target = follow_links(path).string();
  return OutputFile(path, target, unusable_folder(target).has_value());
}

Status OutputFile::write(std::string_view text) const {
  int reason = in_place_ ? write_in_place(target_, text) : replace(target_, text);
  // A file that is mounted by itself cannot be replaced.
  if (reason == EBUSY && !in_place_) reason = write_in_place(target_, text);
  if (reason == 0) return {};
  const std::string why = reason == ENXIO ? "nobody reads from this FIFO" : std::strerror(reason);
  return Error(OutputErrc::cannot_write, fmt::format("cannot write {}: {}", path_, why));
}

}  // namespace hailstorm
