#include "common/http/listener.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "common/base/address.h"
#include "common/base/shortage.h"
#include "common/http/http.h"

namespace hailstorm::http {
namespace {

// A flood fills it while this process waits for a processor; a connection beyond it is tried again
// by its client only after a second.
constexpr int kBacklog = 4'096;
// select(2), which libraries wait with, knows no descriptor above: those below are left to them.
constexpr int kFirstFd = 1024;

void set_option(int fd, int level, int name, int value) {
  ::setsockopt(fd, level, name, &value, sizeof value);
}

Error cannot_listen(const std::string& host, int port, int reason) {
  if (reason == EADDRINUSE) {
    return Error(HttpErrc::address_in_use,
                 fmt::format("port {} on {} is in use by another process; stop it or choose "
                             "another port",
                             port, host))
        .caused_by(reason);
  }
  return Error(
             HttpErrc::cannot_listen,
             fmt::format("cannot listen on {}: {}{}", to_text({host, port}), std::strerror(reason),
                         shortage_of(reason) ? "" : "; choose another address"))
      .caused_by(reason);
}

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses addresses_of(const std::string& ip, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  ::getaddrinfo(ip.c_str(), std::to_string(port).c_str(), &hints, &found);
  return {found, &::freeaddrinfo};
}

/// Not SO_REUSEPORT: two processes would silently share one port.
int listen_on(const addrinfo& address, int socket_bytes) {
  const int fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  set_option(fd, SOL_SOCKET, SO_RCVBUF, socket_bytes);
  set_option(fd, SOL_SOCKET, SO_SNDBUF, socket_bytes);
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  if (::bind(fd, address.ai_addr, address.ai_addrlen) == 0 && ::listen(fd, kBacklog) == 0)
    return fd;
  const int reason = errno;
  ::close(fd);
  errno = reason;
  return -1;
}

int port_of(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return address.ss_family == AF_INET6
             ? ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port)
             : ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

int spare_descriptor() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

}  // namespace

Listener::Listener(int fd, int port) : fd_(fd), port_(port), spare_fd_(spare_descriptor()) {}

Listener::~Listener() {
  if (fd_ >= 0) ::close(fd_);
  if (spare_fd_ >= 0) ::close(spare_fd_);
}

Listener::Listener(Listener&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      port_(other.port_),
      spare_fd_(std::exchange(other.spare_fd_, -1)) {}

Result<Listener> Listener::open(const std::string& host, int port, int socket_bytes) {
  HAIL_ASSIGN_OR_RETURN(const std::string ip, address_to_listen_on(host));
  const Addresses addresses = addresses_of(ip, port);
  errno = addresses == nullptr ? EADDRNOTAVAIL : 0;
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
    const int fd = listen_on(*one, socket_bytes);
    if (fd >= 0) return Listener(fd, port_of(fd));
  }
  return cannot_listen(host, port, errno);
}

int Listener::accept() {
  const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0 || fd >= kFirstFd) return fd;
  const int high = ::fcntl(fd, F_DUPFD_CLOEXEC, kFirstFd);
  if (high < 0) return fd;
  ::close(fd);
  return high;
}

bool Listener::turn_away(std::string_view answer) {
  ::close(spare_fd_);
  const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd >= 0) {
    (void)!::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::close(fd);
  }
  spare_fd_ = spare_descriptor();
  return fd >= 0;
}

}  // namespace hailstorm::http
