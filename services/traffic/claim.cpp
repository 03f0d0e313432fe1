#include "services/traffic/claim.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/base/enum_name.h"

namespace hailstorm::traffic {
namespace {

Error unusable(const std::string& file, std::string_view why) {
  return {ClaimErrc::unusable, fmt::format("cannot claim rides in {}: {}", file, why)};
}

/// The lock goes with the descriptor.
class Claims {
 public:
  explicit Claims(const std::string& file)
      : fd_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (fd_ >= 0 && ::flock(fd_, LOCK_EX) != 0) {
      ::close(fd_);
      fd_ = -1;
    }
  }
  ~Claims() {
    if (fd_ >= 0) ::close(fd_);
  }
  Claims(const Claims&) = delete;
  Claims& operator=(const Claims&) = delete;

  [[nodiscard]] bool usable() const { return fd_ >= 0; }
  [[nodiscard]] std::string read() const {
    char text[32];
    const ssize_t size = ::pread(fd_, text, sizeof text, 0);
    return {text, size > 0 ? static_cast<size_t>(size) : 0};
  }
  [[nodiscard]] bool write(const std::string& text) const {
    return ::pwrite(fd_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()) &&
           ::fdatasync(fd_) == 0;
  }

 private:
  int fd_;
};

}  // namespace

std::string_view name_of(ClaimErrc code) { return enum_name(code); }

Result<int64_t> claim_rides(const std::string& file, int64_t count) {
  const Claims claims(file);
  if (!claims.usable()) return unusable(file, std::strerror(errno));
  const std::string text = claims.read();
  int64_t taken = 0;
  if (!text.empty()) {
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), taken);
    if (parsed.ec != std::errc{} || taken < 0) return unusable(file, "it does not hold a number");
  }
  if (!claims.write(fmt::format("{}\n", taken + count))) {
    return unusable(file, std::strerror(errno));
  }
  return taken;
}

}  // namespace hailstorm::traffic
