#include "common/base/token_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sys/random.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/enum_name.h"
#include "common/base/ids.h"

namespace hailstorm {
namespace {

constexpr size_t kFewestCharacters = 16;
constexpr size_t kMostCharacters = 1024;

Error cannot_write(const std::string& file, int reason) {
  return Error(TokenErrc::unusable,
               fmt::format("cannot write the token file {}: {}", file, std::strerror(reason)))
      .caused_by(reason);
}

/// The first line, without the blanks and the carriage return that an editor may leave at its end.
std::string first_line(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
  return std::string(line);
}

bool is_token(const std::string& text) {
  return text.size() >= kFewestCharacters && text.size() <= kMostCharacters &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
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
  std::ifstream in(file);
  if (!in) {
    const int reason = errno;
    return Error(TokenErrc::unusable,
                 fmt::format("cannot read the token file {}: {}", file, std::strerror(reason)))
        .caused_by(reason);
  }
  std::array<char, 2 * kMostCharacters> start{};
  in.read(start.data(), start.size());
  std::string token = first_line({start.data(), static_cast<size_t>(in.gcount())});
  if (!is_token(token)) {
    return Error(TokenErrc::unusable,
                 fmt::format("the token file {} must hold {} to {} visible ASCII characters in its "
                             "first line",
                             file, kFewestCharacters, kMostCharacters));
  }
  return token;
}

std::string random_token() {
  std::array<unsigned char, 32> bytes{};
  // So few bytes come whole, or not at all.
  HAIL_CHECK(::getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  std::string token;
  for (const unsigned char byte : bytes) token += fmt::format("{:02x}", byte);
  return token;
}

Status write_token(const std::string& file, const std::string& token, bool keep) {
  IdGenerator ids;
  const std::string beside = file + "." + ids.uuid().text();
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return cannot_write(file, errno);
  const std::string line = token + "\n";
  bool done = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
              ::fdatasync(fd) == 0;
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

Result<std::string> read_or_make_token(const std::string& file) {
  if (std::error_code failed; !std::filesystem::exists(file, failed) && !failed) {
    HAIL_RETURN_IF_ERROR(write_token(file, random_token(), /*keep=*/true));
  }
  return read_token(file);
}

bool is_same_secret(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return false;
  unsigned different = 0;
  for (size_t i = 0; i < one.size(); ++i) different |= static_cast<unsigned>(one[i] ^ other[i]);
  return different == 0;
}

}  // namespace hailstorm
