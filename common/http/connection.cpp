#include "common/http/connection.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "common/base/clock.h"
#include "common/http/answer_text.h"

namespace hailstorm::http {
namespace {

constexpr size_t kPiece = 16 << 10;
constexpr int kDropsAtOnce = 16;
// Each connection's own; a rider's request and its answer take less.
constexpr size_t kFreeBytes = 4 << 10;
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(int fd, const Limits& limits, ByteBudget& budget, int64_t now_ms)
    : socket_(fd),
      limits_(limits),
      charge_(budget),
      parser_(limits),
      since_ms_(now_ms),
      used_us_(steady_us()) {
  become(State::reading, now_ms + limits_.idle_ms);
}

Connection::Next Connection::on_event(bool is_end, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  socket_.on_event(is_end);
  drops_left_ = kDropsAtOnce;
  return advance(now_ms);
}

ReceivedRequest Connection::take_request() {
  const std::lock_guard lock(mutex_);
  ReceivedRequest received = parser_.take();
  keeps_ = received.keeps_connection;
  has_body_ = received.request.method != "HEAD";
  return received;
}

Connection::Next Connection::answer(const Response& response, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::handling) return Next::wait;
  queue_answer(response, !keeps_ || is_stopping_ || now_ms - since_ms_ > limits_.age_ms, now_ms);
  return advance(now_ms);
}

Connection::Next Connection::stream(std::optional<EventStream> events, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::handling) return Next::wait;
  if (!events) {
    unsent_ = stream_head();
    closes_ = true;
    become(State::writing, now_ms + limits_.answer_ms);
    return advance(now_ms);
  }
  events_.emplace(std::move(*events));
  socket_.expect_answers_within(limits_.event_ms);
  become(is_stopping_ ? State::ended : State::streaming, kNever);
  return advance(now_ms);
}

Connection::Next Connection::on_publish(int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  return state_ == State::streaming ? advance(now_ms) : Next::wait;
}

Connection::Next Connection::refuse(const Response& response, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  queue_answer(response, true, now_ms);
  return advance(now_ms);
}

Connection::Next Connection::on_tick(int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  if (state_ == State::ended) return Next::remove;
  drops_left_ = kDropsAtOnce;
  if (now_ms < deadline_ms_) {
    const bool may_go_on = state_ == State::lingering || state_ == State::streaming;
    return may_go_on ? advance(now_ms) : Next::wait;
  }
  if (state_ == State::reading && parser_.has_begun()) {
    refuse_request(problem(408, "the request did not come in time"), now_ms);
    return advance(now_ms);
  }
  become(State::ended, kNever);
  return Next::remove;
}

Connection::Next Connection::on_stop(int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  is_stopping_ = true;
  if (state_ == State::streaming) become(State::ended, kNever);
  socket_.look_again();
  return advance(now_ms);
}

Connection::Next Connection::end_unless_handling() {
  const std::lock_guard lock(mutex_);
  if (state_ == State::handling) return Next::wait;
  become(State::ended, kNever);
  return Next::remove;
}

std::optional<int64_t> Connection::unused_since_us() {
  const std::lock_guard lock(mutex_);
  if (state_ == State::handling || state_ == State::streaming) return std::nullopt;
  return used_us_;
}

Connection::Next Connection::evict(const Response& response, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  socket_.look_again();
  const Next next = advance(now_ms);
  if (state_ != State::reading && state_ != State::writing && state_ != State::lingering)
    return next;
  // Between two requests it is closed without an answer, as after its idle time: its client sends
  // the next one on another connection.
  if (state_ == State::reading && (parser_.has_begun() || !has_asked_)) {
    queue_answer(response, true, now_ms);
    (void)write(now_ms);
  }
  become(State::ended, kNever);
  return Next::remove;
}

void Connection::end() {
  const std::lock_guard lock(mutex_);
  become(State::ended, kNever);
}

/// As far as it goes without waiting.
Connection::Next Connection::advance(int64_t now_ms) {
  if (state_ == State::handling) return Next::wait;
  go_on(now_ms);
  if (state_ == State::handling) return Next::handle;
  if (is_stopping_ && state_ == State::reading && !parser_.has_begun()) {
    become(State::ended, kNever);
  }
  return state_ == State::ended ? Next::remove : Next::wait;
}

void Connection::go_on(int64_t now_ms) {
  while (true) {
    switch (state_) {
      case State::reading:
        if (!read(now_ms)) return;
        break;
      case State::writing:
        if (!write(now_ms)) return;
        break;
      case State::streaming:
        if (!write_events(now_ms) && !drop()) return;
        break;
      case State::lingering:
        if (!drop()) return;
        break;
      case State::handling:
      case State::ended:
        return;
    }
  }
}

/// What is there, up to the end of a request. False: wait for more.
bool Connection::read(int64_t now_ms) {
  if (parser_.has_begun() && parse(now_ms)) return true;
  if (socket_.input_ended()) {
    end_of_input(now_ms);
    return true;
  }
  char space[kPiece];
  const auto bytes = receive(space);
  if (!bytes) return false;
  if (bytes->empty()) return true;  // the input's end, or an error
  if (!parser_.has_begun()) become(State::reading, now_ms + limits_.request_ms);
  parser_.append(*bytes);
  (void)parse(now_ms);
  if ((state_ == State::reading || state_ == State::handling) && !account()) {
    refuse_request(try_again("too many large requests are on their way"), now_ms);
  }
  return true;
}

/// True: the state has changed.
bool Connection::parse(int64_t now_ms) {
  switch (parser_.advance()) {
    case RequestParser::Step::need_more:
      return false;
    case RequestParser::Step::want_go_on:
      // May be lost where the socket has no room: clients wait a second at most, then send anyway.
      (void)socket_.send(kContinue);
      return false;
    case RequestParser::Step::complete:
      used_us_ = steady_us();
      has_asked_ = true;
      become(State::handling, kNever);
      return true;
    case RequestParser::Step::refused: {
      refuse_request(to_response(parser_.refusal()), now_ms);
      return true;
    }
  }
  return false;
}

void Connection::end_of_input(int64_t now_ms) {
  if (parser_.has_begun()) {
    refuse_request(problem(400, "the request ends early"), now_ms);
  } else {
    become(State::ended, kNever);
  }
}

std::optional<std::string_view> Connection::receive(std::span<char> space) {
  const auto bytes = socket_.receive(space);
  if (socket_.has_failed()) become(State::ended, kNever);
  return bytes;
}

void Connection::queue_answer(const Response& response, bool closes, int64_t now_ms) {
  used_us_ = steady_us();
  closes_ = closes;
  unsent_ = to_bytes(response, {.has_body = has_body_, .closes = closes});
  become(State::writing, now_ms + limits_.answer_ms);
}

void Connection::refuse_request(const Response& response, int64_t now_ms) {
  has_body_ = !parser_.is_head();
  queue_answer(response, true, now_ms);
}

/// False: the socket has no room now.
bool Connection::write(int64_t now_ms) {
  const auto sent = socket_.send(unsent_);
  if (!sent) {
    become(State::ended, kNever);
    return true;
  }
  unsent_.erase(0, *sent);
  if (!unsent_.empty()) {
    if (account()) return *sent > 0;
    become(State::ended, kNever);
    return true;
  }
  std::string().swap(unsent_);
  (void)account();
  if (closes_) {
    // The client learns that this was the last answer. Closing at once would take it away again
    // from a client that still sends (RFC 9112 §9.6).
    socket_.end_output();
    become(State::lingering, now_ms + limits_.linger_ms);
  } else {
    become(State::reading, now_ms + (parser_.has_begun() ? limits_.request_ms : limits_.idle_ms));
  }
  return true;
}

/// False: the socket has no room now, or there is nothing to write.
bool Connection::write_events(int64_t now_ms) {
  const std::string_view bytes = events_->unsent(now_ms);
  const bool is_late = !bytes.empty() && now_ms - events_->waits_since_ms() >= limits_.event_ms;
  const auto sent = bytes.empty() ? std::optional<size_t>(0) : socket_.send(bytes);
  if (!sent || (is_late && *sent < bytes.size())) {
    become(State::ended, kNever);
    return true;
  }
  events_->count_sent(*sent);
  return *sent > 0;
}

/// What comes after the last answer, or while events are streamed.
bool Connection::drop() {
  if (drops_left_-- <= 0) return false;
  char space[kPiece];
  if (!receive(space)) return false;
  if (socket_.input_ended()) become(State::ended, kNever);
  return true;
}

/// Charges the shared budget for what is held. False: nothing is left there.
bool Connection::account() {
  const size_t held = parser_.held_bytes() + unsent_.size();
  const size_t wanted = held > kFreeBytes ? held - kFreeBytes : 0;
  return charge_.hold(wanted);
}

void Connection::become(State state, int64_t deadline_ms) {
  state_ = state;
  deadline_ms_ = deadline_ms;
  if (state == State::ended) events_.reset();  // its place is free for another
}

}  // namespace hailstorm::http
