#include "services/lab/links/socket.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/enum_name.h"
#include "services/lab/links/server_address.h"

namespace hailstorm::lab {
namespace {

constexpr int kBacklog = 512;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

Error cannot_listen() {
  return {LinkErrc::cannot_listen, std::string("no port to listen on: ") + std::strerror(errno)};
}

}  // namespace

std::string_view name_of(LinkErrc code) { return enum_name(code); }

void Socket::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void Socket::reset() {
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void Socket::set_no_delay() const {
  const int one = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

int Socket::port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

Result<Socket> listen_on(const Address& address) {
  HAIL_ASSIGN_OR_RETURN(const std::string host, address_to_listen_on(address.host));
  const auto found = addresses_of({host, address.port});
  if (found.empty()) return cannot_listen();
  const auto* name = reinterpret_cast<const sockaddr*>(&found.front().storage);
  Socket listener(::socket(name->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // A port of before may still have connections that are closing.
  const int one = 1;
  ::setsockopt(listener.fd(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (!listener.is_open() || ::bind(listener.fd(), name, found.front().size) != 0 ||
      ::listen(listener.fd(), kBacklog) != 0) {
    return cannot_listen();
  }
  return listener;
}

Result<Socket> listen_on_loopback() { return listen_on({"127.0.0.1", 0}); }

Result<ConnectedPair> connected_pair() {
  HAIL_ASSIGN_OR_RETURN(const Socket listener, listen_on_loopback());
  const sockaddr_in address = loopback(listener.port());
  ConnectedPair pair;
  pair.near = Socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!pair.near.is_open() ||
      ::connect(pair.near.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return cannot_listen();
  }
  // A stranger that connected in between has another port.
  const int port = pair.near.port();
  for (;;) {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    pair.far =
        Socket(::accept4(listener.fd(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC));
    if (!pair.far.is_open()) return cannot_listen();
    if (ntohs(peer.sin_port) == port) break;
  }
  pair.near.set_no_delay();
  pair.far.set_no_delay();
  return pair;
}

}  // namespace hailstorm::lab
