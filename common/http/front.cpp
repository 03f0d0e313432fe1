#include "common/http/front.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <unistd.h>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/logging.h"
#include "common/base/process.h"
#include "common/http/answer_text.h"

namespace hailstorm::http {
namespace {

constexpr int64_t kTickMs = 100;
constexpr int kAcceptsAtOnce = 256;
constexpr int kRequestsAtOnce = 16;
constexpr size_t kKeptBack = 256;     // descriptors for files and for connections to others
constexpr size_t kTurnedAway = 256;   // connections above the limit that are answered at a time
constexpr size_t kEvictedShare = 16;  // of all: so many at once, since looking for them takes time

int64_t now() { return steady_us() / 1'000; }

/// How many connections there may be with the descriptors that this process gets.
size_t raise_descriptors(size_t connections) {
  // A connection's descriptor is above those that select(2) knows, see listener.cpp.
  constexpr size_t kLow = 1'024;
  const auto limit = raise_open_files(kLow + connections + kTurnedAway);
  if (!limit) return connections;
  return std::min<size_t>(connections, *limit - std::min<size_t>(kKeptBack, *limit / 2));
}

/// There may be no memory for that either.
void log_failure(const char* what) noexcept {
  try {
    log_error("a connection failed", {{"error", what}});
  } catch (const std::exception&) {
  }
}

}  // namespace

Front::Front(Listener listener, const Limits& limits, HandOn hand_on)
    : listener_(std::make_unique<Listener>(std::move(listener))),
      limits_(limits),
      max_connections_(raise_descriptors(limits.max_connections)),
      hand_on_(std::move(hand_on)),
      budget_(limits.max_held_bytes) {}

Result<std::unique_ptr<Front>> Front::open(Listener listener, const Limits& limits,
                                           HandOn hand_on) {
  std::unique_ptr<Front> front(new Front(std::move(listener), limits, std::move(hand_on)));
  if (!front->epoll_.is_open() || front->inbox_.fd() < 0 ||
      !front->epoll_.watch(front->inbox_.fd(), EPOLLIN) ||
      !front->epoll_.watch(front->listener_->fd(), EPOLLIN)) {
    const int code = errno;
    return Error(HttpErrc::cannot_listen,
                 std::string("cannot wait for connections: ") + std::strerror(code))
        .caused_by(code);
  }
  return front;
}

void Front::stop() {
  stops_ = true;
  inbox_.wake();
}

/// A lack of memory costs this one connection.
template <class Call>
void Front::guarded(const std::shared_ptr<Connection>& connection, int64_t now_ms,
                    const Call& call) {
  try {
    follow(connection, call(), now_ms);
  } catch (const std::exception& failure) {
    connections_.remove(connection);
    log_failure(failure.what());
  }
}

void Front::answer(const std::shared_ptr<Connection>& connection, const Response& response) {
  const int64_t now_ms = now();
  try {
    follow(connection, connection->answer(response, now_ms), now_ms);
  } catch (const std::exception& failure) {
    drop(connection);
    log_failure(failure.what());
  }
}

void Front::stream(const std::shared_ptr<Connection>& connection,
                   std::optional<EventStream> events) {
  const int64_t now_ms = now();
  follow(connection, connection->stream(std::move(events), now_ms), now_ms);
}

void Front::answer_soon(std::shared_ptr<Connection> connection, Response response) {
  try {
    inbox_.add_answer(connection, std::move(response));
  } catch (const std::exception& failure) {
    drop(connection);
    log_failure(failure.what());
    inbox_.wake();
  }
}

void Front::take_inbox(int64_t now_ms) {
  const FrontInbox::Contents contents = inbox_.take();
  for (const auto& [connection, response] : contents.answers) {
    guarded(connection, now_ms,
            [&, &to = *connection, &what = response] { return to.answer(what, now_ms); });
  }
  for (const auto& connection : contents.ended) connections_.remove(connection);
  if (contents.has_event) {
    each(now_ms, [now_ms](Connection& connection) { return connection.on_publish(now_ms); });
  }
}

void Front::run() {
  while (drained_at_ms_ == 0 || !connections_.empty()) {
    try {
      run_once();
    } catch (const std::exception& failure) {
      log_failure(failure.what());  // there is no memory; there may be some the next time
    }
  }
}

void Front::run_once() {
  const bool is_idle = connections_.empty() && is_listening_;
  const auto left_ms = static_cast<int>(std::clamp<int64_t>(next_tick_ms_ - now(), 0, kTickMs));
  const auto events = epoll_.wait(is_idle ? -1 : left_ms);
  const int64_t now_ms = now();
  for (const epoll_event& event : events) {
    if (event.data.fd == inbox_.fd()) {
      take_inbox(now_ms);
    } else if (listener_ != nullptr && event.data.fd == listener_->fd()) {
      accept_all(now_ms);
    } else {
      on_event(event.data.fd, event.events, now_ms);
    }
  }
  if (stops_ && listener_ != nullptr) begin_stop(now_ms);
  if (now_ms >= next_tick_ms_) on_tick(now_ms);
}

void Front::accept_all(int64_t now_ms) {
  bool may_make_room = true;  // once: it does not help where other files take all descriptors
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    const int fd = listener_->accept();
    if (fd >= 0) {
      add(fd, now_ms);
      continue;
    }
    if (errno == EAGAIN) return;
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (std::exchange(may_make_room, false) && make_room(now_ms)) continue;
    refusals_.count_refused();
    if (listener_->turn_away(to_bytes(too_many_connections(), {.closes = true}))) continue;
    // Nothing helps now. The listener stays readable, so epoll would report it again at once.
    epoll_.unwatch(listener_->fd());
    is_listening_ = false;
    return;
  }
}

void Front::add(int fd, int64_t now_ms) {
  std::shared_ptr<Connection> connection;
  try {
    connection = std::make_shared<Connection>(fd, limits_, budget_, now_ms);
  } catch (const std::exception& failure) {
    ::close(fd);
    return log_failure(failure.what());
  }
  guarded(connection, now_ms, [&] { return admit(connection, now_ms); });
}

Connection::Next Front::admit(const std::shared_ptr<Connection>& connection, int64_t now_ms) {
  const bool is_full = connections_.size() >= max_connections_ && !make_room(now_ms);
  const int fd = connection->fd();
  if (!epoll_.watch(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET)) return Connection::Next::wait;
  if (!is_full) {
    connections_.add(connection);
    return Connection::Next::wait;
  }
  refusals_.count_refused();
  const auto next = connection->refuse(too_many_connections(), now_ms);
  // Kept for a while, so that the answer is not lost; not all of a flood.
  if (next == Connection::Next::wait && connections_.size() < max_connections_ + kTurnedAway) {
    connections_.add(connection);
  }
  return Connection::Next::wait;
}

/// Ends the connections that were unused for longest. False: requests are being handled on all.
bool Front::make_room(int64_t now_ms) {
  const Response why = too_many_connections();
  const size_t before = connections_.size();
  for (const auto& connection : connections_.longest_unused(max_connections_ / kEvictedShare + 1)) {
    const auto next = connection->evict(why, now_ms);
    if (next == Connection::Next::remove) {
      connections_.remove(connection);
      refusals_.count_ended();
    } else {
      guarded(connection, now_ms, [next] { return next; });
    }
  }
  return connections_.size() < before;
}

void Front::listen_again() {
  if (is_listening_ || listener_ == nullptr) return;
  is_listening_ = epoll_.watch(listener_->fd(), EPOLLIN);
}

void Front::follow(const std::shared_ptr<Connection>& connection, Connection::Next next,
                   int64_t now_ms) {
  for (int i = 0; next == Connection::Next::handle; ++i) {
    auto response = hand_on_(connection, connection->take_request());
    if (!response) return;
    // A client that sends without a pause must not keep this thread to itself.
    if (i == kRequestsAtOnce) return answer_soon(connection, std::move(*response));
    next = connection->answer(*response, now_ms);
  }
  if (next == Connection::Next::remove) inbox_.add_ended(connection);
}

void Front::on_event(int fd, uint32_t events, int64_t now_ms) {
  const auto connection = connections_.find(fd);
  if (connection == nullptr) return;
  const bool is_end = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  guarded(connection, now_ms, [&] { return connection->on_event(is_end, now_ms); });
}

template <class Call>
void Front::each(int64_t now_ms, const Call& call) {
  connections_.each([&](const auto& connection) {
    guarded(connection, now_ms, [&] { return call(*connection); });
  });
}

void Front::on_tick(int64_t now_ms) {
  next_tick_ms_ = now_ms + kTickMs;
  listen_again();
  refusals_.warn(now_ms, connections_.size(), max_connections_);
  const bool is_drained = drained_at_ms_ != 0 && now_ms >= drained_at_ms_;
  each(now_ms, [&](Connection& connection) {
    return is_drained ? connection.end_unless_handling() : connection.on_tick(now_ms);
  });
}

void Front::begin_stop(int64_t now_ms) {
  accept_all(now_ms);  // a client that is connected already is answered
  drained_at_ms_ = now_ms + limits_.drain_ms;
  each(now_ms, [now_ms](Connection& connection) { return connection.on_stop(now_ms); });
  listener_.reset();  // last: from now on each answer asks the client to close
}

}  // namespace hailstorm::http
