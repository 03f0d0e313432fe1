#include "common/service/relay.h"

#include <algorithm>
#include <chrono>

#include "common/base/clock.h"
#include "common/base/logging.h"
#include "common/service/log_positions.h"

namespace hailstorm::service {
namespace {

constexpr int64_t kRowsAtOnce = 1000;
constexpr size_t kMaxInFlight = 8000;
// Another instance's rows are found by looking, ours by wake().
constexpr int kLookAgain_ms = 100;
constexpr int kRetryPause_ms = 200;

}  // namespace

Relay::Relay(log::Engine& engine, std::unique_ptr<store::Database> db, const std::string& lock_path,
             Writer& writer, Metrics& metrics)
    : engine_(engine),
      db_(std::move(db)),
      lock_(lock_path),
      writer_(writer),
      published_(metrics.counter("hailstorm_outbox_published_total",
                                 "Outbox rows that the log has acknowledged.")) {}

Relay::~Relay() { stop(0); }

void Relay::start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
}

void Relay::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  news_.notify_one();
}

void Relay::stop(int timeout_ms) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) stop_before_ms_ = SystemClock().steady_ms() + timeout_ms;
    stopping_ = true;
  }
  news_.notify_one();
  if (thread_.joinable()) thread_.join();
}

/// Waits until something changed; false when it is time to end.
bool Relay::wait_for_news() {
  std::unique_lock lock(mutex_);
  news_.wait_for(lock, std::chrono::milliseconds(kLookAgain_ms),
                 [&] { return woken_ || stopping_ || failed_; });
  woken_ = false;
  return !stopping_ || SystemClock().steady_ms() < stop_before_ms_;
}

void Relay::run() {
  bool go_on = true;
  while (go_on) {
    if (lock_.may_relay()) relay_until_failure();
    std::unique_lock lock(mutex_);
    go_on =
        !news_.wait_for(lock, std::chrono::milliseconds(kRetryPause_ms), [&] { return stopping_; });
  }
}

void Relay::relay_until_failure() {
  log::ProducerOptions options;
  options.wait_for_closed_partitions = true;  // a row stays in the outbox until the log has it
  auto producer = engine_.make_producer(options);
  int64_t cursor = 0;
  {
    const std::lock_guard lock(mutex_);
    in_flight_.clear();
    failed_ = false;
    cursor = acknowledged_through_;
  }
  while (lock_.may_relay()) {
    const auto sent_through = send_rows(*producer, cursor);
    auto status = sent_through ? erase_acknowledged() : Status(sent_through.error());
    if (!status) {
      log_warn("the relay starts again", {status.error()});
      break;
    }
    const bool caught_up = *sent_through == cursor;
    cursor = *sent_through;
    if (!caught_up) continue;
    const bool go_on = wait_for_news();
    const std::lock_guard lock(mutex_);
    if (failed_ || !go_on || (stopping_ && in_flight_.empty())) break;
  }
  producer.reset();  // its callbacks refer to this object; afterwards none comes
  (void)erase_acknowledged();
}

Result<int64_t> Relay::send_rows(log::Producer& producer, int64_t cursor) {
  {
    const std::lock_guard lock(mutex_);
    if (in_flight_.size() >= kMaxInFlight) return cursor;
  }
  HAIL_ASSIGN_OR_RETURN(auto rows, read_outbox(*db_, cursor, kRowsAtOnce));
  for (auto& row : rows) {
    {
      const std::lock_guard lock(mutex_);
      in_flight_.push_back({row.id});
    }
    HAIL_RETURN_IF_ERROR(producer.send(
        row.topic, std::move(row.record),
        [this, id = row.id](const Result<log::Delivery>& delivery) { answered(id, delivery); }));
    cursor = row.id;
  }
  return cursor;
}

void Relay::answered(int64_t id, const Result<log::Delivery>& delivery) {
  const std::lock_guard lock(mutex_);
  if (!delivery) {
    if (!failed_) log_warn("an outbox row could not be published", {delivery.error()});
    failed_ = true;
    news_.notify_one();
    return;
  }
  const auto it =
      std::lower_bound(in_flight_.begin(), in_flight_.end(), id,
                       [](const Sent& sent, int64_t wanted) { return sent.id < wanted; });
  if (it == in_flight_.end() || it->id != id) return;
  it->acknowledged = true;
  published_to_[delivery->id] = delivery->offset + 1;
  const bool was_full = in_flight_.size() >= kMaxInFlight;
  while (!in_flight_.empty() && in_flight_.front().acknowledged) {
    acknowledged_through_ = in_flight_.front().id;
    in_flight_.pop_front();
    published_.add();
  }
  if (in_flight_.empty() || was_full) {
    woken_ = true;
    news_.notify_one();
  }
}

Status Relay::erase_acknowledged() {
  int64_t through = 0;
  std::map<log::TopicPartition, int64_t> published_to;
  {
    const std::lock_guard lock(mutex_);
    through = acknowledged_through_;
    published_to = published_to_;
  }
  if (through == erased_through_) return {};
  const auto erased = writer_.submit([&](store::Database& db) -> Status {
    HAIL_RETURN_IF_ERROR(raise_log_positions(db, published_to));
    return erase_outbox(db, through);
  });
  if (!erased) return erased.error();
  erased_through_ = through;
  return {};
}

}  // namespace hailstorm::service
