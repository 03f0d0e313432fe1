#include "services/lab/links/relayed_connection.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace hailstorm::lab {
namespace {

constexpr uint32_t kFailed = EPOLLHUP | EPOLLERR;

/// When these faults end a connection that began then.
int64_t end_by(const FlowFaults& faults, int64_t began_us) {
  int64_t end_us = kNeverUs;
  if (faults.reset_peer) {
    end_us = std::max(began_us, faults.reset_peer->since_us) + faults.reset_peer->after_us;
  }
  if (faults.timeout && faults.timeout->close_after_us > 0) {
    const int64_t close_us =
        std::max(began_us, faults.timeout->since_us) + faults.timeout->close_after_us;
    end_us = std::min(end_us, close_us);
  }
  return end_us;
}

}  // namespace

RelayedConnection::RelayedConnection(RelayLoop& loop, const LinkFaults& faults, Socket client,
                                     uint64_t seed, std::function<void()> on_end)
    : loop_(loop),
      faults_(faults),
      on_end_(std::move(on_end)),
      began_us_(loop.now_us()),
      client_(*this, std::move(client)),
      server_(*this, Socket()),
      upstream_(faults.upstream, seed),
      downstream_(faults.downstream, seed + 1) {
  watch(client_, 0);  // it may leave before there is a connection
  loop_.call_at(*this, end_us());
}

void RelayedConnection::connect(std::vector<SocketAddress> addresses) {
  if (state_ != State::fresh) return;
  state_ = State::connecting;
  addresses_ = std::move(addresses);
  std::reverse(addresses_.begin(), addresses_.end());
  connect_next();
}

void RelayedConnection::use(Socket server) {
  server_.socket = std::move(server);
  opened();
}

void RelayedConnection::connect_next() {
  while (!addresses_.empty()) {
    const SocketAddress address = addresses_.back();
    addresses_.pop_back();
    unwatch(server_);
    server_.socket =
        Socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const auto* const to = reinterpret_cast<const sockaddr*>(&address.storage);
    if (::connect(server_.socket.fd(), to, address.size) == 0) return opened();
    if (errno == EINPROGRESS) return watch(server_, EPOLLOUT);
  }
  reset();
}

void RelayedConnection::on_connect_event() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(server_.socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error == 0) return opened();
  connect_next();
}

void RelayedConnection::opened() {
  state_ = State::open;
  addresses_.clear();
  client_.socket.set_no_delay();
  server_.socket.set_no_delay();
  settle();
}

void RelayedConnection::on_events(Side& side, uint32_t events) {
  if (state_ == State::open) return carry(side, events);
  if (state_ == State::over) return;
  if (faults_.is_cut()) return unwatch(side);  // no word of it comes through
  if (&side == &client_) return reset();       // it has left
  on_connect_event();
}

void RelayedConnection::carry(Side& side, uint32_t events) {
  const bool is_client = &side == &client_;
  const int64_t now = loop_.now_us();
  Side& other = is_client ? server_ : client_;
  Flow& from_side = is_client ? upstream_ : downstream_;
  Flow& to_side = is_client ? downstream_ : upstream_;
  if ((events & (EPOLLIN | kFailed)) != 0 && from_side.wants_input()) {
    const auto outcome = from_side.carry(side.socket.fd(), other.socket.fd(), loop_.space(), now);
    if (!handle(outcome)) return;
  } else if ((events & kFailed) != 0) {
    // It would be reported without end; the next use of the socket will show it.
    unwatch(side);
  }
  if ((events & EPOLLOUT) != 0 && !handle(to_side.send(side.socket.fd(), now))) return;
  settle();
}

bool RelayedConnection::handle(Flow::Outcome outcome) {
  if (outcome == Flow::Outcome::broken) reset();
  if (outcome == Flow::Outcome::used_up) end();
  return outcome == Flow::Outcome::going_on;
}

void RelayedConnection::settle() {
  if (upstream_.is_over() && downstream_.is_over()) return end();
  watch(client_,
        (upstream_.wants_input() ? EPOLLIN : 0U) | (downstream_.wants_room() ? EPOLLOUT : 0U));
  watch(server_,
        (downstream_.wants_input() ? EPOLLIN : 0U) | (upstream_.wants_room() ? EPOLLOUT : 0U));
  loop_.call_at(*this, std::min({end_us(), upstream_.due_us(), downstream_.due_us()}));
}

void RelayedConnection::watch(Side& side, uint32_t events) {
  if (side.is_watched && side.watched == events) return;
  if (!side.is_watched && events == 0 && state_ == State::open) return;
  if (side.is_watched) {
    loop_.change(side.socket.fd(), events, side);
  } else {
    loop_.watch(side.socket.fd(), events, side);
  }
  side.is_watched = true;
  side.watched = events;
}

/// Before a socket is closed: a process that is being started may still have a copy of it, and
/// epoll would go on to report it.
void RelayedConnection::unwatch(Side& side) {
  if (side.is_watched) loop_.unwatch(side.socket.fd());
  side.is_watched = false;
  side.watched = 0;
}

int64_t RelayedConnection::end_us() const {
  return std::min(end_by(faults_.upstream, began_us_), end_by(faults_.downstream, began_us_));
}

void RelayedConnection::look_again() {
  if (state_ != State::over) on_time(loop_.now_us());
}

void RelayedConnection::on_time(int64_t now_us) {
  if (now_us >= end_us()) return reset();
  if (state_ != State::open) return go_on_opening();
  if (!handle(upstream_.send(server_.socket.fd(), now_us))) return;
  if (!handle(downstream_.send(client_.socket.fd(), now_us))) return;
  settle();
}

void RelayedConnection::go_on_opening() {
  if (!faults_.is_cut()) {
    watch(client_, 0);
    if (state_ == State::connecting) watch(server_, EPOLLOUT);
  }
  loop_.call_at(*this, end_us());
}

void RelayedConnection::reset() {
  if (state_ == State::over) return;
  for (Side* side : {&client_, &server_}) {
    unwatch(*side);
    if (side->socket.is_open()) side->socket.reset();
  }
  end();
}

void RelayedConnection::release() {
  state_ = State::over;
  for (Side* side : {&client_, &server_}) {
    unwatch(*side);
    side->socket.close();
  }
  loop_.call_at(*this, kNeverUs);
}

void RelayedConnection::end() {
  release();
  on_end_();
}

}  // namespace hailstorm::lab
