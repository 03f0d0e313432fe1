#include "common/http/front.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <sys/epoll.h>
#include <sys/eventfd.h>
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
constexpr int kEventsAtOnce = 256;
constexpr int kAcceptsAtOnce = 256;
constexpr int kRequestsAtOnce = 16;
constexpr size_t kKeptBack = 256;     // descriptors for files and for connections to others
constexpr size_t kTurnedAway = 256;   // connections above the limit that are answered at a time
constexpr size_t kEvictedShare = 16;  // of all: so many at once, since looking for them takes time
constexpr int64_t kWarnEveryMs = 1'000;

int64_t now() { return steady_us() / 1'000; }

/// How many connections there may be with the descriptors that this process gets.
size_t raise_descriptors(size_t connections) {
  // A connection's descriptor is above those that select(2) knows, see listener.cpp.
  constexpr size_t kLow = 1'024;
  const auto limit = raise_open_files(kLow + connections + kTurnedAway);
  if (!limit) return connections;
  return std::min<size_t>(connections, *limit - std::min<size_t>(kKeptBack, *limit / 2));
}

Response too_many_connections() {
  Response response = problem(503, "too many connections are open; try again");
  response.headers["Retry-After"] = "1";
  return response;
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
      budget_(limits.max_held_bytes),
      epoll_fd_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Front::~Front() {
  connections_.clear();
  if (epoll_fd_ >= 0) ::close(epoll_fd_);
  if (wake_fd_ >= 0) ::close(wake_fd_);
}

Result<std::unique_ptr<Front>> Front::open(Listener listener, const Limits& limits,
                                           HandOn hand_on) {
  std::unique_ptr<Front> front(new Front(std::move(listener), limits, std::move(hand_on)));
  if (front->epoll_fd_ < 0 || front->wake_fd_ < 0 || !front->watch(front->wake_fd_, EPOLLIN) ||
      !front->watch(front->listener_->fd(), EPOLLIN)) {
    const int code = errno;
    return Error(HttpErrc::cannot_listen,
                 std::string("cannot wait for connections: ") + std::strerror(code))
        .caused_by(code);
  }
  return front;
}

bool Front::watch(int fd, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  return ::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) == 0;
}

/// Under the mutex.
void Front::wake() {
  if (std::exchange(is_woken_, true)) return;
  const uint64_t one = 1;
  (void)!::write(wake_fd_, &one, sizeof one);
}

void Front::stop() {
  stops_ = true;
  const std::lock_guard lock(mutex_);
  wake();
}

/// Where there is no memory for what comes next, that costs this one connection.
template <class Call>
void Front::guarded(const std::shared_ptr<Connection>& connection, int64_t now_ms,
                    const Call& call) {
  try {
    follow(connection, call(), now_ms);
  } catch (const std::exception& failure) {
    connections_.erase(connection->fd());
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

void Front::answer_soon(std::shared_ptr<Connection> connection, Response response) {
  const std::lock_guard lock(mutex_);
  try {
    answers_.emplace_back(connection, std::move(response));
  } catch (const std::exception& failure) {
    drop(connection);
    log_failure(failure.what());
  }
  wake();
}

void Front::remove_soon(const std::shared_ptr<Connection>& connection) {
  const std::lock_guard lock(mutex_);
  removed_.push_back(connection);
  wake();
}

void Front::take_wake(int64_t now_ms) {
  uint64_t count = 0;
  (void)!::read(wake_fd_, &count, sizeof count);
  Removed removed;
  Answers answers;
  {
    const std::lock_guard lock(mutex_);
    is_woken_ = false;
    removed.swap(removed_);
    answers.swap(answers_);
  }
  for (const auto& [connection, response] : answers) {
    guarded(connection, now_ms,
            [&, &to = *connection, &what = response] { return to.answer(what, now_ms); });
  }
  for (const auto& connection : removed) {
    // Its descriptor may be another connection's by now.
    const auto found = connections_.find(connection->fd());
    if (found != connections_.end() && found->second == connection) connections_.erase(found);
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
  std::array<epoll_event, kEventsAtOnce> events{};
  const bool is_idle = connections_.empty() && is_listening_;
  const auto left_ms = static_cast<int>(std::clamp<int64_t>(next_tick_ms_ - now(), 0, kTickMs));
  const int count = ::epoll_wait(epoll_fd_, events.data(), kEventsAtOnce, is_idle ? -1 : left_ms);
  const int64_t now_ms = now();
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    if (event.data.fd == wake_fd_) {
      take_wake(now_ms);
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
    ++refusals_;
    if (listener_->turn_away(to_bytes(too_many_connections(), {.closes = true}))) continue;
    // Nothing helps now: it would be asked again at once.
    ::epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, listener_->fd(), nullptr);
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
  if (!watch(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET)) return Connection::Next::wait;
  if (!is_full) {
    connections_.emplace(fd, connection);
    return Connection::Next::wait;
  }
  ++refusals_;
  const auto next = connection->refuse(too_many_connections(), now_ms);
  // Kept for a while, so that the answer is not lost; not all of a flood.
  if (next == Connection::Next::wait && connections_.size() < max_connections_ + kTurnedAway) {
    connections_.emplace(fd, connection);
  }
  return Connection::Next::wait;
}

/// Ends the connections that were of no use for longest. False: requests are being handled on
/// all.
bool Front::make_room(int64_t now_ms) {
  std::vector<std::pair<int64_t, std::shared_ptr<Connection>>> unused;
  for (const auto& [fd, connection] : connections_) {
    if (const auto since_us = connection->unused_since_us()) {
      unused.emplace_back(*since_us, connection);
    }
  }
  const size_t count = std::min(unused.size(), max_connections_ / kEvictedShare + 1);
  std::partial_sort(unused.begin(), unused.begin() + static_cast<std::ptrdiff_t>(count),
                    unused.end());
  const Response why = too_many_connections();
  const size_t before = connections_.size();
  for (size_t i = 0; i < count; ++i) {
    const std::shared_ptr<Connection>& connection = unused[i].second;
    const auto next = connection->evict(why, now_ms);
    if (next == Connection::Next::remove) {
      connections_.erase(connection->fd());
      ++evictions_;
    } else {
      guarded(connection, now_ms, [next] { return next; });
    }
  }
  return connections_.size() < before;
}

void Front::listen_again() {
  if (is_listening_ || listener_ == nullptr) return;
  is_listening_ = watch(listener_->fd(), EPOLLIN);
}

void Front::follow(const std::shared_ptr<Connection>& connection, Connection::Next next,
                   int64_t now_ms) {
  for (int i = 0; next == Connection::Next::handle; ++i) {
    auto response = hand_on_(connection, connection->take_request());
    if (!response) return;
    // One that asks without a pause must not keep this thread to itself.
    if (i == kRequestsAtOnce) return answer_soon(connection, std::move(*response));
    next = connection->answer(*response, now_ms);
  }
  if (next == Connection::Next::remove) remove_soon(connection);
}

void Front::on_event(int fd, uint32_t events, int64_t now_ms) {
  const auto found = connections_.find(fd);
  if (found == connections_.end()) return;
  const std::shared_ptr<Connection> connection = found->second;
  const bool is_end = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  guarded(connection, now_ms, [&] { return connection->on_event(is_end, now_ms); });
}

template <class Call>
void Front::each(int64_t now_ms, const Call& call) {
  for (auto one = connections_.begin(); one != connections_.end();) {
    const std::shared_ptr<Connection> connection = one->second;
    ++one;  // following it may remove it
    guarded(connection, now_ms, [&] { return call(*connection); });
  }
}

void Front::on_tick(int64_t now_ms) {
  next_tick_ms_ = now_ms + kTickMs;
  listen_again();
  warn_of_refusals(now_ms);
  const bool is_drained = drained_at_ms_ != 0 && now_ms >= drained_at_ms_;
  each(now_ms, [&](Connection& connection) {
    return is_drained ? connection.end_unless_handling() : connection.on_tick(now_ms);
  });
}

void Front::begin_stop(int64_t now_ms) {
  accept_all(now_ms);  // who is connected already is answered
  drained_at_ms_ = now_ms + limits_.drain_ms;
  each(now_ms, [now_ms](Connection& connection) { return connection.on_stop(now_ms); });
  listener_.reset();  // last: where it is gone, every answer asks for the end
}

void Front::warn_of_refusals(int64_t now_ms) {
  if ((refusals_ == 0 && evictions_ == 0) || now_ms - warned_ms_ < kWarnEveryMs) return;
  log_warn("too many connections: those without a request for longest were ended for new ones",
           {{"ended", evictions_},
            {"refused", refusals_},
            {"open", connections_.size()},
            {"limit", max_connections_}});
  refusals_ = 0;
  evictions_ = 0;
  warned_ms_ = now_ms;
}

}  // namespace hailstorm::http
