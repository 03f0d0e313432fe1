#include "common/base/version_file.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "common/base/folder_error.h"
#include "common/base/shortage.h"

namespace hailstorm::version_file {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxBytes = 256;  // the line has some twenty
constexpr std::string_view kTemporary = "VERSION.";
constexpr std::string_view kRandom = "XXXXXX";  // what mkostemp() fills in

Error unreadable(const fs::path& file, int code) {
  const std::string_view advice =
      shortage_of(code) ? "" : "; mend its permissions or choose another folder";
  return Error(FolderErrc::not_usable,
               fmt::format("cannot use {}: {}{}", file.string(), std::strerror(code), advice))
      .caused_by(code);
}

Error damaged(const fs::path& file, std::string_view why) {
  return {
      FolderErrc::damaged,
      fmt::format("{} is damaged: {}. It holds one line like \"hail-broker 1\": the program's name "
                  "and the folder's format. Write it again or choose another folder",
                  file.string(), why)};
}

bool write_all(int fd, const std::string& text) {
  const auto written = ::write(fd, text.data(), text.size());
  return written == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
}

}  // namespace

Result<std::optional<std::string>> read(const fs::path& folder) {
  const fs::path file = folder / kName;
  // Without waiting: it may be a pipe.
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 && errno == ENOENT) return std::optional<std::string>();
  if (fd < 0) return unreadable(file, errno);
  std::array<char, kMaxBytes> bytes{};
  const ssize_t count = ::read(fd, bytes.data(), bytes.size());
  const int code = errno;
  ::close(fd);
  if (count < 0) return unreadable(file, code);
  std::string line(bytes.data(), static_cast<size_t>(count));
  if (line.empty()) return damaged(file, "it is empty");
  if (line.ends_with('\n')) line.pop_back();
  const bool is_text =
      std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (!is_text || line.empty() || line.size() == kMaxBytes)
    return damaged(file, "it is not one line of text");
  return std::optional<std::string>(std::move(line));
}

Status write(const fs::path& folder, const std::string& line) {
  // A name of its own: processes that share the folder may start at the same moment.
  std::string temporary = (folder / (std::string(kTemporary) + std::string(kRandom))).string();
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return unreadable(folder, errno);
  const bool is_written = write_all(fd, line + "\n");
  int code = errno;
  ::close(fd);
  const bool is_named = is_written && ::rename(temporary.c_str(), (folder / kName).c_str()) == 0;
  if (is_named) return {};
  if (is_written) code = errno;
  ::unlink(temporary.c_str());
  return unreadable(folder, code);
}

bool is_left_over(const std::string& name) {
  return name.size() == kTemporary.size() + kRandom.size() && name.starts_with(kTemporary);
}

}  // namespace hailstorm::version_file
