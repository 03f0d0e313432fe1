#include "common/log/hailstorm/event_loop.h"

#include <algorithm>
#include <chrono>

#include "common/base/logging.h"

namespace hailstorm::log::hail {
namespace {

constexpr int64_t kMaxIdleMs = 500;

}  // namespace

EventLoop::EventLoop(const Environment& environment, Client& client, int64_t background_after_ms)
    : clock_(environment.clock),
      client_(client),
      manual_loops_(environment.manual_loops),
      background_after_ms_(background_after_ms),
      connection_(environment.transport.connect()) {
  if (background_after_ms < 0) return;
  if (manual_loops_ != nullptr) {
    manual_loops_->loops_.push_back(this);
  } else {
    thread_ = std::thread([this] { run_in_background(); });
  }
}

EventLoop::~EventLoop() { stop(); }

void EventLoop::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  background_.notify_all();
  connection_->wake();
  if (thread_.joinable()) thread_.join();
  if (manual_loops_ != nullptr) std::erase(manual_loops_->loops_, this);
}

void EventLoop::run_in_background() {
  Lock lock(mutex_);
  while (!stopping_) {
    const int64_t rest_ms = is_driven_
                                ? background_after_ms_
                                : last_driven_ms_ + background_after_ms_ - clock_.steady_ms();
    if (rest_ms > 0) {
      background_.wait_for(lock, std::chrono::milliseconds(rest_ms));
      continue;
    }
    const int64_t idle_ms = run_once();
    changed_.notify_all();
    lock.unlock();
    connection_->poll(idle_ms);
    lock.lock();
  }
}

bool EventLoop::run_until(Lock& lock, int64_t until_ms, const std::function<bool()>& done) {
  bool is_done = done();
  // The caller that runs the loop may not know what is new.
  if (!is_done && is_driven_) connection_->wake();
  while (!is_done && is_driven_) {
    const int64_t left_ms = std::min(until_ms - clock_.steady_ms(), kMaxIdleMs);
    if (left_ms <= 0) return false;
    changed_.wait_for(lock, std::chrono::milliseconds(left_ms));
    is_done = done();
  }
  if (is_done) return true;
  is_driven_ = true;
  while (true) {
    const int64_t idle_ms = run_once();
    changed_.notify_all();
    is_done = done();
    const int64_t left_ms = until_ms - clock_.steady_ms();
    if (is_done || left_ms <= 0) break;
    lock.unlock();
    connection_->poll(std::min(idle_ms, left_ms));
    lock.lock();
  }
  is_driven_ = false;
  last_driven_ms_ = clock_.steady_ms();
  changed_.notify_all();
  return is_done;
}

int64_t EventLoop::run_once() {
  const int64_t now_ms = clock_.steady_ms();
  take_events(now_ms);
  fail_overdue(now_ms);
  client_.send_requests(now_ms);
  const int64_t idle = idle_ms(now_ms);
  next_run_ms_ = now_ms + idle;
  return idle;
}

void EventLoop::take_events(int64_t now_ms) {
  while (true) {
    Message message;
    switch (connection_->next(message)) {
      case Connection::Event::message:
        take_message(std::move(message), now_ms);
        break;
      case Connection::Event::lost:
        lose_connection(now_ms);
        break;
      case Connection::Event::connected:
        break;
      case Connection::Event::nothing:
        return;
    }
  }
}

void EventLoop::take_message(Message message, int64_t now_ms) {
  const auto decoded = wire::decode_header(message.head.bytes);
  if (!decoded.ok()) return;
  const auto on_reply = pending_.take(decoded->header.correlation_id);
  if (!on_reply) return;
  (*on_reply)({std::move(message.head), decoded->body, std::move(message.data)}, now_ms);
}

void EventLoop::fail_overdue(int64_t now_ms) {
  if (!pending_.is_overdue(now_ms)) return;
  log_warn("the broker did not answer in time; connecting again");
  connection_->reset();
  lose_connection(now_ms);
}

void EventLoop::lose_connection(int64_t now_ms) {
  pending_.clear();
  client_.on_connection_lost(now_ms);
}

int64_t EventLoop::idle_ms(int64_t now_ms) {
  return std::clamp<int64_t>(client_.next_due_ms(now_ms) - now_ms, 0, kMaxIdleMs);
}

void EventLoop::wake_if_due_earlier(int64_t now_ms) {
  if (now_ms + idle_ms(now_ms) < next_run_ms_) connection_->wake();
}

void ManualLoops::run_once() {
  for (EventLoop* loop : loops_) {
    const EventLoop::Lock lock = loop->lock();
    if (!loop->is_driven_) (void)loop->run_once();
  }
}

int64_t ManualLoops::next_run_ms() const {
  int64_t next_ms = EventLoop::kNever;
  for (const EventLoop* loop : loops_) next_ms = std::min(next_ms, loop->next_run_ms_);
  return next_ms;
}

}  // namespace hailstorm::log::hail
