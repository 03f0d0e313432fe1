#include "services/lab/platform/ports.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "services/lab/platform/count_word.h"
#include "services/lab/platform/errors.h"
#include "services/registry/services.h"

namespace hailstorm::lab {
namespace {

/// 0, or why this port cannot be listened on (errno).
int try_to_listen(int port) {
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

int highest_base_port() { return 65536 - registry::port_range(); }

Status check_ports(int base_port) {
  const auto ports = registry::platform_ports();
  for (const auto& one : ports) {
    const int port = base_port + one.offset;
    const int reason = try_to_listen(port);
    if (reason == 0) continue;
    const char* what = reason == EADDRINUSE ? "is in use" : std::strerror(reason);
    return Error(PlatformErrc::port_in_use,
                 fmt::format("port {} (for {}) {}: stop what holds it, or choose {} other ports "
                             "with --base-port",
                             port, one.owner, what, count_word(ports.size())));
  }
  return {};
}

}  // namespace hailstorm::lab
