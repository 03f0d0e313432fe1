#include "broker/server/router.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <limits>
#include <new>
#include <optional>
#include <sys/socket.h>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/enum_name.h"
#include "common/base/logging.h"
#include "common/base/shortage.h"
#include "common/http/http.h"

namespace hailstorm::broker {
namespace {

constexpr size_t kReadBytes = 64 << 10;      // at once, into a buffer that all share
constexpr size_t kLargeReadBytes = 1 << 20;  // at once, into a large frame
// Of the kernel's, for each connection and direction (it takes twice of it).
constexpr int kPeerSocketBytes = 128 << 10;
constexpr int kStarvedWaitMs = 50;
constexpr int64_t kLingerMs = 500;

int64_t router_now_ms() { return steady_us() / 1'000; }

Error bind_error(const RouterOptions& options, const Error& error) {
  if (error.is(http::HttpErrc::address_in_use)) {
    return Error(RouterErrc::port_in_use,
                 fmt::format("port {} on {} is in use by another process; stop that process or "
                             "choose another port with --port",
                             options.port, options.host))
        .caused_by(error.cause());
  }
  if (!error.is(http::HttpErrc::cannot_listen)) return error;
  const std::string_view advice =
      shortage_of(error.cause()) ? "" : "; give an address of this machine with --host";
  return Error(RouterErrc::cannot_bind, fmt::format("{}{}", error.message(), advice))
      .caused_by(error.cause());
}

}  // namespace

std::string_view name_of(RouterErrc code) { return enum_name(code); }

struct Router::Impl {
  Impl(const RouterOptions& options, BrokerMetrics& broker_metrics, Descriptors* descriptors,
       http::Listener listener)
      : limits(options.peers.link),
        metrics(broker_metrics),
        links(options.peers, broker_metrics, descriptors, std::move(listener)) {}

  /// The next peer to receive from, with what was read of it and not used yet.
  Link* next_link() {
    Link* link = current == 0 ? nullptr : links.find(current);
    if (link != nullptr) return link;
    forget_current();
    link = links.take_ready();
    if (link != nullptr) current = Links::key_of(link->id());
    return link;
  }

  void forget_current() {
    current = 0;
    rest = {};
  }

  /// Reads what there is room for. Nothing: nothing came.
  std::optional<Link::Step> read_from(Link& link) {
    const int64_t room = links.room_to_receive(link);
    if (room <= 0) {
      links.starve(link);
      return std::nullopt;
    }
    MutableBytes into = link.large_rest();
    const bool is_large = !into.empty();
    if (!is_large) into = buffer;
    const size_t most = is_large ? kLargeReadBytes : kReadBytes;
    into = into.first(std::min({into.size(), most, static_cast<size_t>(room)}));
    const ssize_t n = ::recv(link.fd(), into.data(), into.size(), MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::nullopt;
    if (n < 0 && errno == EINTR) {
      links.make_ready(link);
      return std::nullopt;
    }
    if (n <= 0) {
      links.doom(link);
      return std::nullopt;
    }
    const auto count = static_cast<size_t>(n);
    // With less than there was room for, the socket is empty, and says so when it is not any more.
    if (count == into.size() || link.is_hung_up) links.make_ready(link);
    if (is_large) return link.received(count, router_now_ms());
    rest = Bytes(buffer).first(count);
    return link.take(rest, router_now_ms());
  }

  /// False: there is nothing to do.
  bool step(const OnMessage& on_message) {
    links.reap(current);
    Link* const link = next_link();
    if (link == nullptr) return false;
    try {
      const auto outcome = rest.empty()
                               ? read_from(*link)
                               : std::optional<Link::Step>(link->take(rest, router_now_ms()));
      links.recount(*link);
      if (outcome) take_step(*link, *outcome, on_message);
    } catch (const std::bad_alloc&) {
      links.doom(*link, "memory", "there is no memory for its message");
    }
    if (link->unread_bytes() > 0 && !link->is_doomed) links.mark_dirty(*link);
    if (rest.empty() || link->is_doomed) forget_current();
    return true;
  }

  void take_step(Link& link, Link::Step outcome, const OnMessage& on_message) {
    if (outcome == Link::Step::fault) return links.refuse(link);
    if (outcome == Link::Step::dropped) {
      metrics.dropped("frame_count",
                      fmt::format("a message of more than {} frames", limits.max_frames));
    }
    if (outcome != Link::Step::message) return;
    on_message(link.id(), link.frames());
    link.clear_message();
    links.recount(link);
    if (links.has_starved()) links.feed_starved();
  }

  const LinkLimits limits;
  BrokerMetrics& metrics;
  Links links;
  std::vector<uint8_t> buffer = std::vector<uint8_t>(kReadBytes);
  uint64_t current = 0;  // whose bytes are in `rest`, or whose message is being handled
  Bytes rest;            // of `buffer`
};

Router::Router(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Router::~Router() {
  Links& links = impl_->links;
  const int64_t deadline_ms = router_now_ms() + kLingerMs;
  links.flush_dirty();
  while (links.unread_bytes() > 0 && router_now_ms() < deadline_ms)
    links.await(static_cast<int>(std::max<int64_t>(0, deadline_ms - router_now_ms())));
}

Result<std::unique_ptr<Router>> Router::bind(RouterOptions options, BrokerMetrics& metrics,
                                             Descriptors* descriptors) {
  auto listener = http::Listener::open(options.host, options.port, kPeerSocketBytes);
  if (!listener.ok()) return bind_error(options, listener.error());
  return std::unique_ptr<Router>(new Router(
      std::make_unique<Impl>(options, metrics, descriptors, std::move(listener).value())));
}

int Router::port() const { return impl_->links.port(); }

void Router::wait(int timeout_ms, bool for_messages) {
  Links& links = impl_->links;
  links.flush_dirty();
  const bool has_messages = for_messages && (links.has_ready() || impl_->current != 0);
  if (links.has_starved()) timeout_ms = std::min(timeout_ms, kStarvedWaitMs);
  links.await(has_messages ? 0 : timeout_ms);
  links.sweep();
  links.reap(impl_->current);
}

void Router::wake() { impl_->links.wake(); }

bool Router::receive(const OnMessage& on_message) { return impl_->step(on_message); }

void Router::send(const PeerId& id, Reply reply) {
  Links& links = impl_->links;
  Link* const link = links.find(Links::key_of(id));
  if (link == nullptr) return impl_->metrics.dropped("unreachable");  // it left; nothing is wrong
  auto bytes = static_cast<int64_t>(reply.head.size());
  for (const auto& data : reply.data) bytes += static_cast<int64_t>(data.bytes.size());
  if (links.credit_of(*link) > 0) links.make_room_to_answer(bytes);
  if (link->is_doomed) return;
  if (links.credit_of(*link) <= 0) {
    impl_->metrics.dropped("no_credit");
    if (!std::exchange(link->was_warned_of, true)) {
      log_warn("a peer does not read its answers; they are dropped until it does",
               {{"unread_bytes", link->unread_bytes()}});
    }
    return;
  }
  link->push(std::move(reply));
  links.mark_dirty(*link);
}

int64_t Router::credit_bytes(const PeerId& id) const {
  const Link* const link = impl_->links.find(Links::key_of(id));
  return link == nullptr ? std::numeric_limits<int64_t>::max() : impl_->links.credit_of(*link);
}

}  // namespace hailstorm::broker
