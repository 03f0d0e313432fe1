#include "services/lab/agent/token.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

#include "common/base/enum_name.h"
#include "common/base/ids.h"

namespace hailstorm::lab {
namespace {

constexpr size_t kFewestCharacters = 16;

/// A token is left to us. One that is there and cannot be read is not empty: it is refused.
bool is_empty(const std::string& file) {
  std::error_code failed;
  return std::filesystem::is_regular_file(file, failed) &&
         std::filesystem::file_size(file, failed) == 0;
}

Error cannot_write(const std::string& file, int reason) {
  return {TokenErrc::unusable,
          fmt::format("cannot write the token file {}: {}", file, std::strerror(reason))};
}

}  // namespace

std::string_view name_of(TokenErrc code) { return enum_name(code); }

Result<std::string> read_token(const std::string& file) {
  if (std::error_code ignored; std::filesystem::is_directory(file, ignored)) {
    return Error(TokenErrc::unusable,
                 fmt::format("the token file {} is a folder; a container's engine makes one where "
                             "there is no file to mount",
                             file));
  }
  std::string token;
  std::ifstream in(file);
  if (!in) {
    return Error(TokenErrc::unusable,
                 fmt::format("cannot read the token file {}: {}; --token-file names it", file,
                             std::strerror(errno)));
  }
  if (!std::getline(in, token) || token.size() < kFewestCharacters) {
    return Error(TokenErrc::unusable,
                 fmt::format("the token file {} must hold at least {} characters in one line", file,
                             kFewestCharacters));
  }
  return token;
}

Result<std::string> read_token(const std::string& file, const std::string& fallback) {
  return read_token(!fallback.empty() && is_empty(file) ? fallback : file);
}

Status make_token(const std::string& file, const std::string& fallback) {
  if (!is_empty(file)) return {};
  IdGenerator ids;
  return write_token(fallback, ids.uuid().text(), /*keep=*/true);
}

Status write_token(const std::string& file, const std::string& token, bool keep) {
  IdGenerator ids;
  const std::string beside = file + "." + ids.uuid().text();
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return cannot_write(file, errno);
  const std::string line = token + "\n";
  bool done = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  ::close(fd);
  if (done && keep) {
    done = ::link(beside.c_str(), file.c_str()) == 0 || errno == EEXIST;
  } else if (done) {
    done = ::rename(beside.c_str(), file.c_str()) == 0;
  }
  const int reason = errno;
  ::unlink(beside.c_str());
  if (!done) return cannot_write(file, reason);
  return {};
}

}  // namespace hailstorm::lab
