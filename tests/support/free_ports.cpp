#include "tests/support/free_ports.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstddef>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/check.h"

namespace hailstorm::testing {
namespace {

constexpr int kFirstPort = 15'000;
constexpr int kPortsOfARange = 200;
constexpr int kRanges = 85;

/// A socket with the range's name, which one process at most has; -1 where another one has it. The
/// name is no file: it is gone when its process ends, and it belongs to the network, as ports do.
int hold(int range) {
  const std::string name = "hailstorm-test-ports-" + std::to_string(range);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(name.begin(), name.end(), address.sun_path + 1);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  HAIL_CHECK(fd >= 0);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0) return fd;
  ::close(fd);
  return -1;
}

PortRange& own_range() {
  static PortRange range;
  return range;
}

}  // namespace

PortRange::PortRange() {
  // Tests that run one after the other begin at different ranges: connections to the ports of the
  // last one may not have ended yet.
  for (int i = 0; i < kRanges && holder_ < 0; ++i) {
    const int range = (::getpid() + i) % kRanges;
    holder_ = hold(range);
    first_ = kFirstPort + range * kPortsOfARange;
  }
  HAIL_CHECK(holder_ >= 0 && "other tests have all ranges of ports");
}

PortRange::~PortRange() { ::close(holder_); }

int PortRange::take(int count) {
  for (int attempt = 0; attempt < kPortsOfARange; ++attempt) {
    if (next_ + count > kPortsOfARange) next_ = 0;
    const int first = first_ + next_;
    int free = 0;
    while (free < count && is_free_port(first + free)) ++free;
    next_ += std::min(free + 1, count);
    if (free == count) return first;
  }
  HAIL_CHECK(false && "the ports of this test are all in use");
  return 0;
}

int free_port() { return own_range().take(); }

int free_ports(int count) { return own_range().take(count); }

bool is_free_port(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  const bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return bound;
}

}  // namespace hailstorm::testing
