#include "common/log/hailstorm/zmq_transport.h"

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
// A new connection has other descriptors; a thread that polls the old ones must look again.
constexpr int64_t kMaxPollMs = 500;

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

/// A message that shares `bytes`; ZeroMQ's own threads release them.
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

/// What every connection of one transport shares.
struct ZmqContext {
  explicit ZmqContext(Address to) : address(std::move(to)) {}

  const Address address;
  zmq::context_t context{1};
  std::atomic<uint64_t> monitors{0};
};

class ZmqConnection final : public Connection {
 public:
  explicit ZmqConnection(ZmqContext& shared) : shared_(shared) {
    wake_fd_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    HAIL_CHECK(wake_fd_ >= 0);
    open();
  }
  ~ZmqConnection() override {
    close();
    ::close(wake_fd_);
  }

  [[nodiscard]] bool connected() const override { return connected_; }

  void send(std::vector<uint8_t> head, SharedBytes data) override {
    zmq::message_t first(head.data(), head.size());
    send_part(*socket_, first, data != nullptr);
    if (data != nullptr) {
      zmq::message_t second = share(std::move(data));
      send_part(*socket_, second, false);
    }
    // Sending looks for events too, and ZeroMQ signals each of them only once.
    if ((socket_->get(zmq::sockopt::events) & ZMQ_POLLIN) != 0) wake();
  }

  [[nodiscard]] Event next(Message& message) override {
    if (receive(message)) return Event::message;
    const Event event = receive_monitor_event();
    if (event == Event::nothing) drain_wake();
    return event;
  }

  void poll(int64_t timeout_ms) override {
    // Not zmq_poll: it asks each socket several times, and may not run while another thread sends.
    pollfd items[] = {{wake_fd_, POLLIN, 0}, {socket_fd_, POLLIN, 0}, {monitor_fd_, POLLIN, 0}};
    ::poll(items, 3, static_cast<int>(std::clamp<int64_t>(timeout_ms, 0, kMaxPollMs)));
  }

  void reset() override {
    close();
    open();
  }

  void wake() override {
    const uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
  }

 private:
  void open() {
    connected_ = false;
    socket_.emplace(shared_.context, zmq::socket_type::dealer);
    socket_->set(zmq::sockopt::linger, 0);
    socket_->set(zmq::sockopt::sndhwm, 0);  // the client bounds the bytes that are under way
    socket_->set(zmq::sockopt::rcvhwm, 0);  // and never asks for more than it can keep
    socket_->set(zmq::sockopt::maxmsgsize, kMaxMessageBytes);
    socket_->set(zmq::sockopt::reconnect_ivl, kReconnectMs);
    socket_->set(zmq::sockopt::reconnect_ivl_max, kMaxReconnectMs);
    socket_->set(zmq::sockopt::connect_timeout, kConnectTimeoutMs);
    socket_->set(zmq::sockopt::handshake_ivl, kHandshakeTimeoutMs);
    socket_->set(zmq::sockopt::heartbeat_ivl, kHeartbeatIntervalMs);
    socket_->set(zmq::sockopt::heartbeat_timeout, kHeartbeatTimeoutMs);
    const std::string events = fmt::format("inproc://connection-{}", shared_.monitors++);
    HAIL_CHECK(zmq_socket_monitor(socket_->handle(), events.c_str(), kMonitored) == 0);
    monitor_.emplace(shared_.context, zmq::socket_type::pair);
    monitor_->set(zmq::sockopt::linger, 0);
    monitor_->connect(events);
    connect(is_ipv6(shared_.address.host));
    socket_fd_ = socket_->get(zmq::sockopt::fd);
    monitor_fd_ = monitor_->get(zmq::sockopt::fd);
    wake();  // a thread that polls the old ones
  }

  /// ZeroMQ takes one address of a name. Only the attempt shows which family has one on which a
  /// broker listens.
  void connect(bool to_ipv6) {
    ipv6_ = to_ipv6;
    failed_attempts_ = 0;
    socket_->set(zmq::sockopt::ipv6, ipv6_);
    socket_->connect(endpoint());
  }

  /// A name may stand for an IPv4 and an IPv6 address; when one does not answer, the other is
  /// tried.
  void attempt_failed() {
    if (connected_ || is_ip_address(shared_.address.host)) return;
    if (++failed_attempts_ < kAttemptsPerFamily) return;
    socket_->disconnect(endpoint());
    connect(!ipv6_);
  }

  [[nodiscard]] std::string endpoint() const { return "tcp://" + to_text(shared_.address); }

  void close() {
    zmq_socket_monitor(socket_->handle(), nullptr, 0);
    monitor_.reset();
    socket_.reset();
  }

  bool receive(Message& message) {
    zmq::message_t part;
    if (!receive_part(*socket_, part)) return false;
    message = {};
    bool more = part.more();
    message.head = to_frame(std::move(part));
    while (more) {
      part.rebuild();
      if (!receive_part(*socket_, part)) break;
      more = part.more();
      if (message.data.size() < kMaxFrames) message.data.push_back(to_frame(std::move(part)));
    }
    return true;
  }

  Event receive_monitor_event() {
    zmq::message_t event;
    zmq::message_t endpoint;
    while (receive_part(*monitor_, event) && receive_part(*monitor_, endpoint)) {
      uint16_t what = 0;
      if (event.size() < sizeof what) continue;
      std::memcpy(&what, event.data(), sizeof what);
      if (what == ZMQ_EVENT_HANDSHAKE_SUCCEEDED && !connected_) {
        connected_ = true;
        return Event::connected;
      }
      if (what == ZMQ_EVENT_CONNECT_RETRIED) attempt_failed();
      if (what == ZMQ_EVENT_DISCONNECTED && connected_) {
        close();
        open();
        return Event::lost;
      }
    }
    return Event::nothing;
  }

  void drain_wake() {
    uint64_t count = 0;
    [[maybe_unused]] const auto drained = ::read(wake_fd_, &count, sizeof count);
  }

  ZmqContext& shared_;
  int wake_fd_ = -1;
  std::atomic<int> socket_fd_{-1};
  std::atomic<int> monitor_fd_{-1};
  bool connected_ = false;
  bool ipv6_ = false;
  int failed_attempts_ = 0;  // since connect()
  std::optional<zmq::socket_t> socket_;
  std::optional<zmq::socket_t> monitor_;
};

class ZmqTransport final : public Transport {
 public:
  explicit ZmqTransport(Address address) : shared_(std::move(address)) {}

  [[nodiscard]] std::unique_ptr<Connection> connect() override {
    return std::make_unique<ZmqConnection>(shared_);
  }
  [[nodiscard]] std::string broker_address() const override { return to_text(shared_.address); }

 private:
  ZmqContext shared_;
};

}  // namespace

std::unique_ptr<Transport> make_zmq_transport(Address address) {
  return std::make_unique<ZmqTransport>(std::move(address));
}

}  // namespace hailstorm::log::hail
