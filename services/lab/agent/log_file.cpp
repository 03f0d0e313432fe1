#include "services/lab/agent/log_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/lab/agent/errors.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOwnersAlone = 0600;
// Without waiting: a FIFO would block until it has a reader.
constexpr int kToAppend = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK;

Error cannot_open(const std::string& file, const std::string& why) {
  return {AgentErrc::cannot_start, fmt::format("cannot open the log {}: {}", file, why)};
}

/// Replaces `folder`, a descriptor, by the one of a folder in it.
bool descend(int& folder, const fs::path& name) {
  const int next = ::openat(folder, name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  const int reason = errno;
  ::close(folder);
  folder = next;
  errno = reason;
  return next >= 0;
}

Result<int> checked(int fd, const std::string& file) {
  if (fd < 0) return cannot_open(file, std::strerror(errno));
  struct stat info {};
  if (::fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) return fd;
  ::close(fd);
  return cannot_open(file, "it is no regular file");
}

/// Opens it step by step, so that no link is followed.
Result<int> open_below(const fs::path& folder, const fs::path& inside, const std::string& file) {
  int at = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (at < 0) return cannot_open(file, std::strerror(errno));
  for (const auto& name : inside.parent_path()) {
    if (!descend(at, name)) return cannot_open(file, std::strerror(errno));
  }
  auto opened =
      checked(::openat(at, inside.filename().c_str(), kToAppend | O_NOFOLLOW, kOwnersAlone), file);
  ::close(at);
  return opened;
}

bool has_steps_up(const fs::path& path) {
  for (const auto& name : path) {
    if (name == "..") return true;
  }
  return false;
}

}  // namespace

Result<int> open_log(const std::string& folder, const std::string& file) {
  if (folder.empty()) {
    const int fd = ::open(file.c_str(), kToAppend, kOwnersAlone);
    if (fd < 0) return cannot_open(file, std::strerror(errno));
    return fd;
  }
  const fs::path all = fs::path(folder).lexically_normal();
  const fs::path inside =
      fs::path(file).is_absolute() ? fs::path(file).lexically_relative(all) : fs::path(file);
  const bool is_inside = inside.has_filename() && inside != "." && !has_steps_up(inside) &&
                         file.find('\0') == std::string::npos;
  if (!is_inside) return cannot_open(file, "an agent writes logs only below " + folder);
  return open_below(all, inside, file);
}

}  // namespace hailstorm::lab
