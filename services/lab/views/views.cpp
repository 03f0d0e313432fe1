#include "services/lab/views/views.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hailstorm::lab {
namespace {

constexpr auto kTick = std::chrono::milliseconds(200);  // 5 Hz
constexpr auto kLeastPause = std::chrono::milliseconds(100);
constexpr int64_t kUnseenMs = 1'000;    // the pause while nobody looks
constexpr int64_t kLooksForMs = 2'000;  // after a frame was asked for

}  // namespace

Views::Views(Source source, const std::filesystem::path& data, Schedule head, const Clock& clock)
    : source_(std::move(source)),
      clock_(clock),
      maker_(head.run, data, clock),
      recording_(std::move(head)),
      asked_at_ms_(clock.steady_ms() - kLooksForMs) {}

Views::~Views() { stop(); }

void Views::start() {
  Guard lock(mutex_);
  stops_ = false;
  look(lock);
  thread_ = std::thread([this] { loop(); });
}

void Views::stop() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  wanted_or_stopped_.notify_all();
  made_one_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::shared_ptr<const MadeFrame> Views::frame(int64_t max_age_ms) {
  Guard lock(mutex_);
  asked_at_ms_ = clock_.steady_ms();
  if (stops_ || (newest_ && asked_at_ms_ - newest_->at_ms < max_age_ms)) return newest_;
  const int64_t begun = begun_;
  is_wanted_ = true;
  wanted_or_stopped_.notify_all();
  made_one_.wait(lock, [&] { return stops_ || newest_->number > begun; });
  return newest_;
}

bool Views::is_due(int64_t now_ms) const {
  const bool is_seen = feed_->streams() > 0 || now_ms - asked_at_ms_ < kLooksForMs;
  return is_seen || now_ms - newest_->at_ms >= kUnseenMs - kTick.count() / 2;
}

void Views::loop() {
  Guard lock(mutex_);
  auto next = std::chrono::steady_clock::now();
  while (!stops_) {
    // A look that took long is followed by no burst.
    next = std::max(next + kTick, std::chrono::steady_clock::now());
    wanted_or_stopped_.wait_until(lock, next, [this] { return stops_ || is_wanted_; });
    if (stops_ || !(is_wanted_ || is_due(clock_.steady_ms()))) continue;
    look(lock);
    // However often somebody asks.
    wanted_or_stopped_.wait_for(lock, kLeastPause, [this] { return stops_; });
  }
}

void Views::look(Guard& lock) {
  is_wanted_ = false;
  const int64_t number = ++begun_;
  lock.unlock();
  auto made = make(number);
  lock.lock();
  newest_ = std::move(made);
  made_one_.notify_all();
}

std::shared_ptr<const MadeFrame> Views::make(int64_t number) {
  auto made = std::make_shared<MadeFrame>();
  made->number = number;
  made->at_ms = clock_.steady_ms();
  auto sources = source_();
  const Frame frame =
      sources.ok() ? maker_.make(std::move(*sources)) : maker_.repeat(sources.error().message());
  made->document = to_json(frame);
  made->text = std::make_shared<const std::string>(json::to_text(made->document));
  const auto traffic = traffic_state_of(frame.traffic);
  recording_.add(frame.t_ms, made->text, traffic.ok() ? *traffic : TrafficState(), frame.faults);
  feed_->publish(http::event_text(frame.seq, *made->text));
  return made;
}

}  // namespace hailstorm::lab
