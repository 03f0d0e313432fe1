#include "tests/support/cut_proxy.h"

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <fcntl.h>
#include <list>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "common/base/check.h"
#include "common/base/clock.h"

namespace hailstorm::testing {
namespace {

constexpr size_t kBufferBytes = 64 << 10;
constexpr int kPollMs = 10;  // how late a cut or the end is noticed

sockaddr_in local(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

/// A descriptor that goes away with this object. Thread safety: not safe.
class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

/// One direction of a connection.
struct Flow {
  std::vector<char> bytes;
  bool ended = false;

  /// False: the connection is over.
  bool fill(int from) {
    char block[16 << 10];
    const ssize_t count = ::recv(from, block, sizeof block, MSG_DONTWAIT);
    if (count > 0) bytes.insert(bytes.end(), block, block + count);
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
  }
  bool empty_into(int to) {
    const ssize_t count = ::send(to, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count > 0) bytes.erase(bytes.begin(), bytes.begin() + count);
    return count >= 0 || errno == EAGAIN || errno == EINTR;
  }
};

struct Link {
  Socket client;
  Socket server;
  Flow up;
  Flow down;

  [[nodiscard]] static short events(const Flow& in, const Flow& out) {
    return static_cast<short>((in.bytes.size() < kBufferBytes ? POLLIN : 0) |
                              (out.bytes.empty() ? 0 : POLLOUT));
  }
  bool carry(short client_events, short server_events) {
    constexpr short kIn = POLLIN | POLLHUP | POLLERR;
    if ((client_events & kIn) != 0 && !up.fill(client.fd())) return false;
    if ((server_events & kIn) != 0 && !down.fill(server.fd())) return false;
    if (!up.bytes.empty() && !up.empty_into(server.fd())) return false;
    return down.bytes.empty() || down.empty_into(client.fd());
  }
};

}  // namespace

struct CutProxy::Impl {
  explicit Impl(int to_port)
      : server_port(to_port),
        listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_in address = local(0);
    HAIL_CHECK(::bind(listener.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    HAIL_CHECK(::listen(listener.fd(), 128) == 0);
    socklen_t size = sizeof address;
    ::getsockname(listener.fd(), reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  void take() {
    Socket client(::accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    if (client.fd() < 0) return;
    Socket server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = local(server_port);
    if (::connect(server.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      return;
    }
    const int one = 1;
    const linger hard{1, 0};
    for (const Socket* socket : {&client, &server}) {
      ::setsockopt(socket->fd(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      ::setsockopt(socket->fd(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }
    links.push_back({std::move(client), std::move(server), {}, {}});
  }

  void run(const std::stop_token& stop) {
    const SystemClock clock;
    while (!stop.stop_requested()) {
      if (clock.steady_ms() < stalled_until_ms) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        continue;
      }
      if (wants_cut.exchange(false)) links.clear();
      std::vector<pollfd> polled{{listener.fd(), POLLIN, 0}};
      for (const Link& link : links) {
        polled.push_back({link.client.fd(), Link::events(link.up, link.down), 0});
        polled.push_back({link.server.fd(), Link::events(link.down, link.up), 0});
      }
      if (::poll(polled.data(), polled.size(), kPollMs) <= 0) continue;
      size_t i = 1;
      for (auto link = links.begin(); link != links.end(); i += 2) {
        const bool alive = link->carry(polled[i].revents, polled[i + 1].revents);
        link = alive ? std::next(link) : links.erase(link);
      }
      if (polled[0].revents != 0) take();
    }
  }

  int server_port;
  int port = 0;
  std::atomic<bool> wants_cut = false;
  std::atomic<int64_t> stalled_until_ms = 0;
  std::list<Link> links;
  Socket listener;
  std::jthread thread;
};

CutProxy::CutProxy(int server_port) : impl_(std::make_unique<Impl>(server_port)) {}
CutProxy::~CutProxy() = default;

int CutProxy::port() const { return impl_->port; }
void CutProxy::cut() { impl_->wants_cut = true; }
void CutProxy::stall(int64_t duration_ms) {
  impl_->stalled_until_ms = SystemClock().steady_ms() + duration_ms;
}

}  // namespace hailstorm::testing
