#include "broker/server/router.h"

#include <atomic>
#include <cerrno>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <unordered_map>
#include <utility>
#include <vector>
#include <zmq.hpp>

#include "broker/server/refused_peers.h"
#include "common/base/address.h"
#include "common/base/check.h"
#include "common/base/enum_name.h"
#include "common/base/logging.h"
#include "common/base/shortage.h"

namespace hailstorm::broker {
namespace {

constexpr int kHeartbeatIntervalMs = 2'000;
constexpr int kHeartbeatTimeoutMs = 8'000;
constexpr int kLingerMs = 500;
// Per peer; then TCP holds it back. In frames of up to 4 MiB, two a message, a producer that never
// waits takes 64 MiB.
constexpr int kReceiveQueueMessages = 32;
constexpr int kSendQueueMessages = 10'000;  // per peer; its bytes are bounded by the credit

/// Bytes that were handed to ZeroMQ and not let go of yet. Counted down on ZeroMQ's own threads.
using Outstanding = std::atomic<int64_t>;

/// What keeps a sent frame's bytes alive until ZeroMQ is done with them.
struct SentFrame {
  std::vector<uint8_t> head;
  std::shared_ptr<const void> stored;
  int64_t bytes = 0;
  std::shared_ptr<Outstanding> of_peer;
  std::shared_ptr<Outstanding> of_all;

  /// Runs on any thread.
  static void release(void*, void* hint) {
    const std::unique_ptr<SentFrame> frame(static_cast<SentFrame*>(hint));
    frame->of_peer->fetch_sub(frame->bytes);
    frame->of_all->fetch_sub(frame->bytes);
  }
};

Error bind_error(const RouterOptions& options, int code) {
  const std::string address = to_text({options.host, options.port});
  const auto error = [&] {
    if (code == EADDRINUSE) {
      return Error(RouterErrc::port_in_use,
                   fmt::format("port {} on {} is in use by another process; stop that process or "
                               "choose another port with --port",
                               options.port, options.host));
    }
    const std::string_view advice =
        shortage_of(code) ? "" : "; give an address of this machine with --host";
    return Error(RouterErrc::cannot_bind,
                 fmt::format("cannot listen on {}: {}{}", address, zmq_strerror(code), advice));
  };
  return error().caused_by(code);
}

}  // namespace

std::string_view name_of(RouterErrc code) { return enum_name(code); }

struct Router::Impl {
  struct Peer {
    std::shared_ptr<Outstanding> outstanding = std::make_shared<Outstanding>(0);
    bool over_credit = false;  // and it was said in the log
  };

  Impl(RouterOptions router_options, BrokerMetrics& broker_metrics)
      : options(std::move(router_options)), metrics(broker_metrics) {
    wake_fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (wake_fd < 0) throw zmq::error_t();
    socket.set(zmq::sockopt::router_mandatory, 1);
    socket.set(zmq::sockopt::maxmsgsize, options.max_message_bytes);
    socket.set(zmq::sockopt::linger, kLingerMs);
    socket.set(zmq::sockopt::rcvhwm, kReceiveQueueMessages);
    socket.set(zmq::sockopt::sndhwm, kSendQueueMessages);
    socket.set(zmq::sockopt::heartbeat_ivl, kHeartbeatIntervalMs);
    socket.set(zmq::sockopt::heartbeat_timeout, kHeartbeatTimeoutMs);
    socket.set(zmq::sockopt::backlog, 1024);
    socket_fd = socket.get(zmq::sockopt::fd);
  }
  ~Impl() { ::close(wake_fd); }

  /// 0 or the errno of the failure.
  int send_part(zmq::message_t& part, bool more) {
    const int flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0);
    while (zmq_msg_send(part.handle(), socket.handle(), flags) < 0) {
      if (zmq_errno() != EINTR) return zmq_errno();
    }
    return 0;
  }

  zmq::message_t make_frame(const Peer& peer, std::unique_ptr<SentFrame> frame, Bytes bytes) {
    frame->bytes = static_cast<int64_t>(bytes.size());
    frame->of_peer = peer.outstanding;
    frame->of_all = total;
    peer.outstanding->fetch_add(frame->bytes);
    total->fetch_add(frame->bytes);
    // ZeroMQ only reads what it sends.
    void* data = const_cast<uint8_t*>(bytes.data());
    return {data, bytes.size(), &SentFrame::release, frame.release()};
  }

  /// True: the message goes on as `frames`. False: none was there, or it was dropped.
  enum class Received { message, nothing, dropped };
  Received receive_parts() {
    parts.clear();
    bool too_many = false;
    while (true) {
      zmq::message_t part;
      if (zmq_msg_recv(part.handle(), socket.handle(), ZMQ_DONTWAIT) < 0) {
        if (zmq_errno() == EINTR) continue;
        return Received::nothing;
      }
      const bool more = part.more();
      too_many = too_many || parts.size() > options.max_frames;
      if (!too_many) parts.push_back(std::move(part));
      if (!more) break;
    }
    if (!too_many) return Received::message;
    metrics.dropped("frame_count",
                    fmt::format("a message of more than {} frames", options.max_frames));
    return Received::dropped;
  }

  RouterOptions options;
  BrokerMetrics& metrics;
  zmq::context_t context{1};
  zmq::socket_t socket{context, zmq::socket_type::router};
  RefusedPeers refused{context, socket, metrics};
  int wake_fd = -1;
  int socket_fd = -1;
  int port = 0;
  std::shared_ptr<Outstanding> total = std::make_shared<Outstanding>(0);
  std::unordered_map<PeerId, Peer> peers;
  std::vector<zmq::message_t> parts;
  std::vector<MutableBytes> frames;
};

Router::Router(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Router::~Router() = default;

Result<std::unique_ptr<Router>> Router::bind(RouterOptions options, BrokerMetrics& metrics) {
  HAIL_ASSIGN_OR_RETURN(const std::string address, address_to_listen_on(options.host));
  try {
    auto impl = std::make_unique<Impl>(options, metrics);
    impl->socket.set(zmq::sockopt::ipv6, is_ipv6(address));
    impl->socket.bind("tcp://" + to_text({address, options.port}));
    const std::string bound = impl->socket.get(zmq::sockopt::last_endpoint);
    impl->port = std::stoi(bound.substr(bound.rfind(':') + 1));
    return std::unique_ptr<Router>(new Router(std::move(impl)));
  } catch (const zmq::error_t& error) {
    return bind_error(options, error.num());
  }
}

int Router::port() const { return impl_->port; }

void Router::wait(int timeout_ms, bool for_messages) {
  // Not zmq_poll, which asks the socket several times. ZeroMQ signals each piece of news only once,
  // and sending may have taken the signal.
  if (for_messages && (impl_->socket.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0) timeout_ms = 0;
  pollfd items[] = {{impl_->wake_fd, POLLIN, 0}, {impl_->socket_fd, POLLIN, 0}};
  ::poll(items, for_messages ? 2 : 1, timeout_ms);  // EINTR is as good as a timeout
  if (items[0].revents == 0) return;
  uint64_t count = 0;
  [[maybe_unused]] const auto drained = ::read(impl_->wake_fd, &count, sizeof count);
}

void Router::wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(impl_->wake_fd, &one, sizeof one);
}

bool Router::receive(const OnMessage& on_message) {
  const auto received = impl_->receive_parts();
  if (received != Impl::Received::message) return received == Impl::Received::dropped;
  auto& frames = impl_->frames;
  frames.clear();
  for (size_t i = 1; i < impl_->parts.size(); ++i) {
    frames.emplace_back(static_cast<uint8_t*>(impl_->parts[i].data()), impl_->parts[i].size());
  }
  on_message(impl_->parts[0].to_string(), frames);
  return true;
}

void Router::send(const PeerId& id, Reply reply) {
  if (!has_credit(id)) {
    impl_->metrics.dropped("no_credit");
    Impl::Peer& peer = impl_->peers[id];
    if (!std::exchange(peer.over_credit, true)) {
      log_warn("a peer does not read its answers; they are dropped until it does",
               {{"unread_bytes", peer.outstanding->load()}});
    }
    return;
  }
  const Impl::Peer& peer = impl_->peers[id];
  zmq::message_t address(id.data(), id.size());
  int failure = impl_->send_part(address, true);
  if (failure == 0) {
    auto head = std::make_unique<SentFrame>();
    head->head = std::move(reply.head);
    const Bytes head_bytes = head->head;
    zmq::message_t part = impl_->make_frame(peer, std::move(head), head_bytes);
    failure = impl_->send_part(part, !reply.data.empty());
  }
  for (size_t i = 0; failure == 0 && i < reply.data.size(); ++i) {
    auto frame = std::make_unique<SentFrame>();
    frame->stored = std::move(reply.data[i].owner);
    zmq::message_t part = impl_->make_frame(peer, std::move(frame), reply.data[i].bytes);
    failure = impl_->send_part(part, i + 1 < reply.data.size());
  }
  if (failure == EHOSTUNREACH) {
    impl_->metrics.dropped("unreachable");  // it left; nothing is wrong
  } else if (failure != 0) {
    impl_->metrics.dropped("queue_full", "too many answers wait for a peer");
  }
}

bool Router::has_credit(const PeerId& id) const {
  const auto peer = impl_->peers.find(id);
  if (peer == impl_->peers.end()) return true;
  // When those that do not read have used up what there is for all, those that do read go on.
  const bool used_up = impl_->total->load() >= impl_->options.total_credit_bytes;
  const int64_t credit_bytes =
      used_up ? impl_->options.reader_credit_bytes : impl_->options.peer_credit_bytes;
  return peer->second.outstanding->load() < credit_bytes;
}

void Router::count_refused_peers() { impl_->refused.take_news(); }

void Router::forget_idle_peers() {
  std::erase_if(impl_->peers,
                [](const auto& peer) { return peer.second.outstanding->load() == 0; });
}

}  // namespace hailstorm::broker
