#include "services/lab/links/relayed_connection.h"

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hailstorm::lab {
namespace {

constexpr size_t kFlowBytes = 64 << 10;

short events_for(const Flow& in, const Flow& out) {
  return static_cast<short>((in.is_full() ? 0 : POLLIN) | (out.is_empty() ? 0 : POLLOUT));
}

}  // namespace

Socket::~Socket() {
  if (fd_ >= 0) ::close(fd_);
}

bool Flow::is_full() const { return bytes_.size() >= kFlowBytes; }

bool Flow::receive(int from) {
  char block[16 << 10];
  const ssize_t count = ::recv(from, block, sizeof block, MSG_DONTWAIT);
  if (count > 0) bytes_.insert(bytes_.end(), block, block + count);
  return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

bool Flow::send(int to) {
  const ssize_t count = ::send(to, bytes_.data(), bytes_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count > 0) bytes_.erase(bytes_.begin(), bytes_.begin() + count);
  return count >= 0 || errno == EAGAIN || errno == EINTR;
}

std::optional<RelayedConnection> RelayedConnection::accept(int listener, int server_port) {
  Socket client(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  if (client.fd() < 0) return std::nullopt;
  Socket server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(server_port));
  if (::connect(server.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return std::nullopt;
  }
  const int one = 1;
  const linger reset{1, 0};
  for (const Socket* socket : {&client, &server}) {
    ::setsockopt(socket->fd(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    ::setsockopt(socket->fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
  return RelayedConnection(std::move(client), std::move(server));
}

void RelayedConnection::add_to(std::vector<pollfd>& polled) const {
  polled.push_back({client_.fd(), events_for(to_server_, to_client_), 0});
  polled.push_back({server_.fd(), events_for(to_client_, to_server_), 0});
}

bool RelayedConnection::carry(short client_events, short server_events) {
  constexpr short kIn = POLLIN | POLLHUP | POLLERR;
  if ((client_events & kIn) != 0 && !to_server_.receive(client_.fd())) return false;
  if ((server_events & kIn) != 0 && !to_client_.receive(server_.fd())) return false;
  if (!to_server_.is_empty() && !to_server_.send(server_.fd())) return false;
  return to_client_.is_empty() || to_client_.send(client_.fd());
}

}  // namespace hailstorm::lab
