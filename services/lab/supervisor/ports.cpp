#include "services/lab/supervisor/ports.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "services/lab/supervisor/errors.h"
#include "services/lab/supervisor/layout.h"

namespace hailstorm::lab {
namespace {

constexpr std::array<const char*, kPorts> kOwners = {
    "the broker", "the broker's probes", "the gateway", "matching",
    "payment",    "notification",        "analytics",   "the lab's agent"};

/// 0, or why this port cannot be listened on (errno).
int obstacle(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool free = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                    ::listen(fd, 1) == 0;
  const int reason = free ? 0 : errno;
  ::close(fd);
  return reason;
}

}  // namespace

Status check_ports(int base_port) {
  for (int i = 0; i < kPorts; ++i) {
    const int reason = obstacle(base_port + i);
    if (reason == 0) continue;
    const char* what = reason == EADDRINUSE ? "is in use" : std::strerror(reason);
    return Error(SupervisorErrc::port_in_use,
                 fmt::format("port {} (for {}) {}: stop what holds it, or choose eight other ports "
                             "with --base-port",
                             base_port + i, kOwners.at(static_cast<size_t>(i)), what));
  }
  return {};
}

}  // namespace hailstorm::lab
