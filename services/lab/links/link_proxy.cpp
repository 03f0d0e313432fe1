#include "services/lab/links/link_proxy.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <vector>

#include "common/base/enum_name.h"

namespace hailstorm::lab {
namespace {

constexpr int kPollMs = 10;  // how late a reset or the end is noticed
constexpr auto kHeldPause = std::chrono::milliseconds(1);

}  // namespace

std::string_view name_of(LinkErrc code) { return enum_name(code); }

Result<std::unique_ptr<LinkProxy>> LinkProxy::open(int server_port, const Clock& clock) {
  Socket listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener.fd(), any, size) != 0 || ::listen(listener.fd(), 128) != 0 ||
      ::getsockname(listener.fd(), any, &size) != 0) {
    return Error(LinkErrc::cannot_listen,
                 std::string("no port for a link's proxy: ") + std::strerror(errno));
  }
  return std::unique_ptr<LinkProxy>(
      new LinkProxy(std::move(listener), ntohs(address.sin_port), server_port, clock));
}

LinkProxy::LinkProxy(Socket listener, int port, int server_port, const Clock& clock)
    : clock_(clock),
      listener_(std::move(listener)),
      port_(port),
      server_port_(server_port),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}
LinkProxy::~LinkProxy() = default;

void LinkProxy::reset_peers() { wants_reset_ = true; }
void LinkProxy::timeout(int64_t duration_ms) { held_until_ms_ = clock_.steady_ms() + duration_ms; }

void LinkProxy::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (clock_.steady_ms() < held_until_ms_) {
      std::this_thread::sleep_for(kHeldPause);
      continue;
    }
    if (wants_reset_.exchange(false)) connections_.clear();
    carry_once();
  }
}

void LinkProxy::carry_once() {
  std::vector<pollfd> polled{{listener_.fd(), POLLIN, 0}};
  for (const auto& connection : connections_) connection.add_to(polled);
  if (::poll(polled.data(), polled.size(), kPollMs) <= 0) return;
  size_t i = 1;
  for (auto one = connections_.begin(); one != connections_.end(); i += 2) {
    const bool is_alive = one->carry(polled[i].revents, polled[i + 1].revents);
    one = is_alive ? std::next(one) : connections_.erase(one);
  }
  if (polled[0].revents == 0) return;
  auto accepted = RelayedConnection::accept(listener_.fd(), server_port_);
  if (accepted) connections_.push_back(std::move(*accepted));
}

}  // namespace hailstorm::lab
