#include "common/log/hailstorm/connection.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>
#include <zmq.hpp>

#include "common/base/check.h"
#include "common/base/clock.h"

namespace hailstorm::log::hail {
namespace {

constexpr int kReconnectMs = 50;
constexpr int kMaxReconnectMs = 500;
constexpr int kAttemptsPerFamily = 2;
constexpr int kConnectTimeoutMs = 3'000;
constexpr int kHandshakeTimeoutMs = 5'000;
constexpr int kHeartbeatIntervalMs = 2'000;
constexpr int kHeartbeatTimeoutMs = 8'000;
constexpr int64_t kMaxMessageBytes = 64 << 20;
constexpr size_t kMaxFrames = 4'096;
constexpr int kMonitored =
    ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CONNECT_RETRIED;
// A connection that was lost has other descriptors; who awaited the old ones looks again.
constexpr int64_t kMaxAwaitMs = 500;

/// Receives one frame without waiting; false: none is there.
bool receive_part(zmq::socket_t& socket, zmq::message_t& part) {
  while (zmq_msg_recv(part.handle(), socket.handle(), ZMQ_DONTWAIT) < 0) {
    if (zmq_errno() == EINTR) continue;
    return false;
  }
  return true;
}

void send_part(zmq::socket_t& socket, zmq::message_t& part, bool more) {
  const int flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0);
  while (zmq_msg_send(part.handle(), socket.handle(), flags) < 0) {
    // No queue limit is set, so that nothing else can happen here.
    HAIL_CHECK(zmq_errno() == EINTR);
  }
}

/// A message that shares `bytes`; ZeroMQ's own threads let go of it.
zmq::message_t share(SharedBytes bytes) {
  auto* holder = new SharedBytes(std::move(bytes));
  void* data = const_cast<uint8_t*>((*holder)->data());  // ZeroMQ only reads what it sends
  return {data, (*holder)->size(),
          [](void*, void* hint) { delete static_cast<SharedBytes*>(hint); }, holder};
}

Frame to_frame(zmq::message_t part) {
  auto owner = std::make_shared<zmq::message_t>(std::move(part));
  const Bytes bytes(static_cast<const uint8_t*>(owner->data()), owner->size());
  return {std::move(owner), bytes};
}

}  // namespace

struct Network::Impl {
  zmq::context_t context{1};
  std::atomic<uint64_t> monitors{0};
};

Network::Network(Address address) : address_(std::move(address)), impl_(std::make_unique<Impl>()) {}
Network::~Network() = default;

struct Connection::Impl {
  explicit Impl(Network& on) : network(on) {
    wake_fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    HAIL_CHECK(wake_fd >= 0);
    open();
  }
  ~Impl() {
    close();
    ::close(wake_fd);
  }

  void open() {
    connected = false;
    socket.emplace(network.impl_->context, zmq::socket_type::dealer);
    socket->set(zmq::sockopt::linger, 0);
    socket->set(zmq::sockopt::sndhwm, 0);  // the parts bound what they have under way in bytes
    socket->set(zmq::sockopt::rcvhwm, 0);  // and never ask for more than they can keep
    socket->set(zmq::sockopt::maxmsgsize, kMaxMessageBytes);
    socket->set(zmq::sockopt::reconnect_ivl, kReconnectMs);
    socket->set(zmq::sockopt::reconnect_ivl_max, kMaxReconnectMs);
    socket->set(zmq::sockopt::connect_timeout, kConnectTimeoutMs);
    socket->set(zmq::sockopt::handshake_ivl, kHandshakeTimeoutMs);
    socket->set(zmq::sockopt::heartbeat_ivl, kHeartbeatIntervalMs);
    socket->set(zmq::sockopt::heartbeat_timeout, kHeartbeatTimeoutMs);
    const std::string events = fmt::format("inproc://connection-{}", network.impl_->monitors++);
    HAIL_CHECK(zmq_socket_monitor(socket->handle(), events.c_str(), kMonitored) == 0);
    monitor.emplace(network.impl_->context, zmq::socket_type::pair);
    monitor->set(zmq::sockopt::linger, 0);
    monitor->connect(events);
    connect(is_ipv6(network.address().host));
    socket_fd = socket->get(zmq::sockopt::fd);
    monitor_fd = monitor->get(zmq::sockopt::fd);
    wake();  // who awaits the old ones
  }

  /// ZeroMQ takes one address of a name. Which family has it, and has somebody listening, shows in
  /// the attempt.
  void connect(bool to_ipv6) {
    ipv6 = to_ipv6;
    failed_attempts = 0;
    socket->set(zmq::sockopt::ipv6, ipv6);
    socket->connect(endpoint());
  }

  /// A name may stand for an IPv4 and an IPv6 address; when one does not answer, the other is
  /// tried.
  void attempt_failed() {
    if (connected || is_ip_address(network.address().host)) return;
    if (++failed_attempts < kAttemptsPerFamily) return;
    socket->disconnect(endpoint());
    connect(!ipv6);
  }

  [[nodiscard]] std::string endpoint() const { return "tcp://" + to_text(network.address()); }

  void close() {
    zmq_socket_monitor(socket->handle(), nullptr, 0);
    monitor.reset();
    socket.reset();
  }

  /// True: a whole message of ours is in `reply`. Others are dropped.
  bool receive(Reply& reply) {
    zmq::message_t part;
    while (receive_part(*socket, part)) {
      reply = {};
      bool more = part.more();
      reply.head = to_frame(std::move(part));
      while (more) {
        part.rebuild();
        if (!receive_part(*socket, part)) break;
        more = part.more();
        if (reply.data.size() < kMaxFrames) reply.data.push_back(to_frame(std::move(part)));
      }
      part.rebuild();
      const auto decoded = wire::decode_header(reply.head.bytes);
      if (!decoded.ok()) continue;
      reply.correlation_id = decoded->header.correlation_id;
      reply.api = decoded->header.api;
      reply.body = decoded->body;
      return true;
    }
    return false;
  }

  Event receive_monitor_event() {
    zmq::message_t event;
    zmq::message_t endpoint;
    while (receive_part(*monitor, event) && receive_part(*monitor, endpoint)) {
      uint16_t what = 0;
      if (event.size() < sizeof what) continue;
      std::memcpy(&what, event.data(), sizeof what);
      if (what == ZMQ_EVENT_HANDSHAKE_SUCCEEDED && !connected) {
        connected = true;
        return Event::connected;
      }
      if (what == ZMQ_EVENT_CONNECT_RETRIED) attempt_failed();
      if (what == ZMQ_EVENT_DISCONNECTED && connected) {
        close();
        open();
        return Event::lost;
      }
    }
    return Event::nothing;
  }

  void wake() {
    const uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_fd, &one, sizeof one);
  }
  void drain_wake() {
    uint64_t count = 0;
    [[maybe_unused]] const auto drained = ::read(wake_fd, &count, sizeof count);
  }

  Network& network;
  int wake_fd = -1;
  std::atomic<int> socket_fd{-1};
  std::atomic<int> monitor_fd{-1};
  bool connected = false;
  bool ipv6 = false;
  int failed_attempts = 0;  // since connect()
  std::optional<zmq::socket_t> socket;
  std::optional<zmq::socket_t> monitor;
};

Connection::Connection(Network& network) : impl_(std::make_unique<Impl>(network)) {}
Connection::~Connection() = default;

bool Connection::connected() const { return impl_->connected; }

void Connection::send_frames(std::vector<uint8_t> head, SharedBytes data) {
  zmq::message_t first(head.data(), head.size());
  send_part(*impl_->socket, first, data != nullptr);
  if (data != nullptr) {
    zmq::message_t second = share(std::move(data));
    send_part(*impl_->socket, second, false);
  }
  // Sending looks for news too, and ZeroMQ signals each piece of news only once.
  if ((impl_->socket->get(zmq::sockopt::events) & ZMQ_POLLIN) != 0) impl_->wake();
}

Connection::Event Connection::next(Reply& reply) {
  if (impl_->receive(reply)) return Event::reply;
  const Event event = impl_->receive_monitor_event();
  if (event == Event::nothing) impl_->drain_wake();
  return event;
}

void Connection::await(int64_t timeout_ms) {
  // Not zmq_poll: it would ask each socket several times, and may not run beside a sender.
  pollfd items[] = {
      {impl_->wake_fd, POLLIN, 0}, {impl_->socket_fd, POLLIN, 0}, {impl_->monitor_fd, POLLIN, 0}};
  ::poll(items, 3, static_cast<int>(std::clamp<int64_t>(timeout_ms, 0, kMaxAwaitMs)));
}

Connection::Event Connection::wait(int64_t timeout_ms, Reply& reply) {
  const SystemClock clock;
  const int64_t until_ms = clock.steady_ms() + timeout_ms;
  while (true) {
    const Event event = next(reply);
    const int64_t left_ms = until_ms - clock.steady_ms();
    if (event != Event::nothing || left_ms <= 0) return event;
    await(left_ms);
  }
}

void Connection::reset() {
  impl_->close();
  impl_->open();
}

void Connection::wake() { impl_->wake(); }

}  // namespace hailstorm::log::hail
