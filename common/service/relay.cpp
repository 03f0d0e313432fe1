#include "common/service/relay.h"

#include <limits>
#include <utility>

#include "common/base/logging.h"
#include "common/service/set_aside.h"

namespace hailstorm::service {
namespace {

// wake() announces this instance's rows; those of another are found by looking.
constexpr int kLookAgainMs = 100;
constexpr int kLookAgainStoppingMs = 5;
constexpr int kRetryPauseMs = 200;

}  // namespace

Relay::Relay(log::Engine& engine, std::unique_ptr<store::Database> db, const std::string& lock_path,
             Writer& writer, Metrics& metrics, const Clock& clock)
    : engine_(engine),
      db_(std::move(db)),
      lock_(lock_path, clock),
      writer_(writer),
      metrics_(metrics),
      clock_(clock) {}

Relay::~Relay() {
  stop(0);
  publisher_.reset();  // without a thread there may be one
}

void Relay::start() {
  thread_.start([this] { return run_once(); });
}

void Relay::stop(int timeout_ms) {
  {
    const std::lock_guard lock(mutex_);
    if (!stop_before_ms_) stop_before_ms_ = clock_.steady_ms() + timeout_ms;
  }
  thread_.wake();
  thread_.join();
}

bool Relay::is_stopping() const {
  const std::lock_guard lock(mutex_);
  return stop_before_ms_.has_value();
}

bool Relay::is_overdue() const {
  const std::lock_guard lock(mutex_);
  return stop_before_ms_ && clock_.steady_ms() >= *stop_before_ms_;
}

std::vector<log::ClosedPartition> Relay::held() const {
  const std::lock_guard lock(mutex_);
  return held_;
}

void Relay::set_held(std::vector<log::ClosedPartition> held) {
  const std::lock_guard lock(mutex_);
  held_ = std::move(held);
}

std::optional<int> Relay::run_once() {
  if (!std::exchange(has_begun_, true)) send_again_what_was_set_aside();
  const int64_t left_ms = try_again_at_ms_ - clock_.steady_ms();
  if (left_ms > 0 && !is_stopping()) return static_cast<int>(left_ms);
  if (left_ms > 0) return std::nullopt;
  if (!lock_.may_relay()) return try_again_later();
  if (publisher_ == nullptr) open_publisher();
  return publish();
}

std::optional<int> Relay::publish() {
  const bool may_hold_up_the_stop = !is_stopping();
  const auto more = publisher_->publish_some(may_hold_up_the_stop);
  if (!more.ok()) {
    log_warn("the relay starts again", {more.error()});
    return try_again_later();
  }
  const bool is_done = !*more && is_stopping() && publisher_->is_idle();
  if (is_done || is_overdue()) {
    publisher_.reset();
    return std::nullopt;
  }
  if (*more) return 0;
  return is_stopping() ? kLookAgainStoppingMs : kLookAgainMs;
}

/// What is left is for the next start where a stop was requested.
std::optional<int> Relay::try_again_later() {
  publisher_.reset();
  if (is_stopping()) return std::nullopt;
  try_again_at_ms_ = clock_.steady_ms() + kRetryPauseMs;
  return kRetryPauseMs;
}

void Relay::open_publisher() {
  log::ProducerOptions options;
  // The order stays only where no record fails by its age before one that came after it.
  options.delivery_timeout_ms = std::numeric_limits<int32_t>::max();
  publisher_ = std::make_unique<OutboxPublisher>(
      engine_.make_producer(options), *db_, writer_, metrics_, clock_,
      OutboxPublisher::Listener{[this] { thread_.wake(); },
                                [this](auto held) { set_held(std::move(held)); }});
}

/// The topic may have another limit by now, or the clock the right time.
void Relay::send_again_what_was_set_aside() {
  const auto rows = writer_.submit([](store::Database& db) { return send_again(db); });
  if (!rows.ok()) {
    log_warn("what was set aside is not sent again now", {rows.error()});
  } else if (*rows > 0) {
    log_info("what was set aside is sent again", {{"rows", *rows}});
  }
}

}  // namespace hailstorm::service
