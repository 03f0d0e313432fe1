#include "common/service/relay.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "common/base/clock.h"
#include "common/base/logging.h"
#include "common/log/record_check.h"
#include "common/service/log_positions.h"

namespace hailstorm::service {
namespace {

constexpr int64_t kRowsAtOnce = 1000;
constexpr int64_t kBytesAtOnce = 8 << 20;
// Another instance's rows are found by looking, ours by wake().
constexpr int kLookAgainMs = 100;
constexpr int kLookAgainStoppingMs = 5;
constexpr int kRetryPauseMs = 200;

/// The same record would be refused again at once.
bool is_for_good(const Error& error) {
  return error.is(log::LogErrc::refused) || error.is(log::LogErrc::corrupt);
}

std::optional<int32_t> partition_of(log::Producer& producer, const OutboxRow& row) {
  if (!row.record.key) return std::nullopt;
  return producer.partition_of(row.topic, *row.record.key);
}

log::TopicPartition lane_of(log::Producer& producer, const OutboxRow& row) {
  return {row.topic, partition_of(producer, row).value_or(HeldRows::kWholeTopic)};
}

}  // namespace

Relay::Relay(log::Engine& engine, std::unique_ptr<store::Database> db, const std::string& lock_path,
             Writer& writer, Metrics& metrics)
    : engine_(engine),
      db_(std::move(db)),
      lock_(lock_path),
      writer_(writer),
      published_(metrics.counter("hailstorm_outbox_published_total",
                                 "Outbox rows that the log has acknowledged.")),
      set_aside_(metrics.counter("hailstorm_outbox_set_aside_total",
                                 "Outbox rows that the log refused for good.")),
      held_partitions_(metrics.gauge("hailstorm_outbox_held_partitions",
                                     "Partitions whose outbox rows wait until they take any.")) {}

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
  wake();
  if (thread_.joinable()) thread_.join();
}

bool Relay::is_stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

/// What is left is for the next start.
bool Relay::is_overdue() const {
  const std::lock_guard lock(mutex_);
  return stopping_ && SystemClock().steady_ms() >= stop_before_ms_;
}

std::vector<log::ClosedPartition> Relay::held() const {
  const std::lock_guard lock(mutex_);
  return held_list_;
}

/// Waits until something changed, but not for long.
void Relay::wait_for_news() {
  std::unique_lock lock(mutex_);
  const int timeout_ms = stopping_ ? kLookAgainStoppingMs : kLookAgainMs;
  news_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] { return woken_; });
  woken_ = false;
}

void Relay::run() {
  send_again_what_was_set_aside();
  bool go_on = true;
  while (go_on) {
    if (lock_.may_relay()) relay_until_failure();
    std::unique_lock lock(mutex_);
    go_on =
        !news_.wait_for(lock, std::chrono::milliseconds(kRetryPauseMs), [&] { return stopping_; });
  }
}

/// The topic may have another limit by now, or the clock the right time.
void Relay::send_again_what_was_set_aside() {
  int64_t rows = 0;
  const auto moved = writer_.submit([&](store::Database& db) -> Status {
    HAIL_ASSIGN_OR_RETURN(rows, send_again(db));
    return {};
  });
  if (!moved) log_warn("what was set aside is not sent again now", {moved.error()});
  if (moved && rows > 0) log_info("what was set aside is sent again", {{"rows", rows}});
}

void Relay::relay_until_failure() {
  log::ProducerOptions options;
  // The order stays only where none gives up before one that came after it.
  options.delivery_timeout_ms = std::numeric_limits<int32_t>::max();
  auto producer = engine_.make_producer(options);
  in_flight_.clear();
  held_.clear();
  show_held();
  cursor_ = 0;
  while (lock_.may_relay()) {
    const auto more = look(*producer);
    if (!more) {
      log_warn("the relay starts again", {more.error()});
      break;
    }
    if (!*more && is_stopping() && in_flight_.is_empty()) break;
    if (!*more) wait_for_news();
    if (is_overdue()) break;
  }
  producer.reset();  // its callbacks refer to this object; afterwards none comes
  (void)erase(in_flight_.take_answers().acknowledged);
}

Result<bool> Relay::look(log::Producer& producer) {
  HAIL_RETURN_IF_ERROR(take_answers(producer));
  if (!is_stopping()) HAIL_RETURN_IF_ERROR(try_held_rows(producer));
  return send_rows(producer);
}

Status Relay::erase(const std::vector<int64_t>& acknowledged) {
  if (acknowledged.empty()) return {};
  published_.add(acknowledged.size());
  std::map<log::TopicPartition, int64_t> published_to;
  {
    const std::lock_guard lock(mutex_);
    published_to = published_to_;
  }
  return writer_.submit([&](store::Database& db) -> Status {
    HAIL_RETURN_IF_ERROR(raise_log_positions(db, published_to));
    return erase_outbox(db, acknowledged);
  });
}

Status Relay::take_answers(log::Producer& producer) {
  auto answers = in_flight_.take_answers();
  std::vector<RefusedRow> refused;
  for (auto& failed : answers.failed)
    HAIL_RETURN_IF_ERROR(take_failed(producer, std::move(failed), refused));
  HAIL_RETURN_IF_ERROR(set_aside_rows(refused));
  for (const int64_t id : answers.first_of_held_taken) release(id);
  return erase(answers.acknowledged);
}

/// A row that is refused for good goes to `refused`; any other stays, and its partition's rows wait
/// for it.
Status Relay::take_failed(log::Producer& producer, RowsInFlight::Failed failed,
                          std::vector<RefusedRow>& refused) {
  HAIL_ASSIGN_OR_RETURN(const auto rows, read_outbox(*db_, failed.id - 1, 1));
  if (rows.empty() || rows.front().id != failed.id) {
    release(failed.id);  // another instance has published it
    return {};
  }
  const OutboxRow& row = rows.front();
  if (is_for_good(failed.error)) {
    refused.push_back({row.id, partition_of(producer, row), failed.error.message()});
    return {};
  }
  auto lane = lane_of(producer, row);
  if (failed.error.is(log::LogErrc::unknown_topic)) lane.partition = HeldRows::kWholeTopic;
  hold(lane, row.id, failed.error);
  return {};
}

Status Relay::set_aside_rows(const std::vector<RefusedRow>& refused) {
  if (refused.empty()) return {};
  const int64_t now_ms = SystemClock().wall_ms();
  HAIL_RETURN_IF_ERROR(
      writer_.submit([&](store::Database& db) { return set_aside(db, refused, now_ms); }));
  set_aside_.add(refused.size());
  log_error("the log refuses events for good; they are set aside, and the others go on",
            {{"rows", refused.size()}, {"first", refused.front().error}});
  for (const RefusedRow& row : refused) release(row.id);
  return {};
}

void Relay::hold(const log::TopicPartition& partition, int64_t id, const Error& why) {
  if (!held_.hold(partition, id, why, SystemClock().steady_ms())) return;
  log_warn("events for a partition wait; those for others go on",
           {distinct_by({"topic", partition.topic}),
            distinct_by({"partition", partition.partition}), why});
  show_held();
}

/// What is held after the row `id` is read again from there.
void Relay::release(int64_t id) {
  const auto released = held_.release(id);
  if (released.empty()) return;
  for (const auto& partition : released) {
    log_info("events for a partition go on",
             {{"topic", partition.topic}, {"partition", partition.partition}});
  }
  cursor_ = std::min(cursor_, id);
  show_held();
}

void Relay::show_held() {
  auto list = held_.list();
  held_partitions_.set(static_cast<double>(list.size()));
  const std::lock_guard lock(mutex_);
  held_list_ = std::move(list);
}

Status Relay::try_held_rows(log::Producer& producer) {
  if (held_.is_empty()) return {};
  for (const int64_t id : held_.due(SystemClock().steady_ms())) {
    HAIL_ASSIGN_OR_RETURN(auto rows, read_outbox(*db_, id - 1, 1));
    if (rows.empty() || rows.front().id != id) {
      release(id);  // another instance has published it
    } else {
      send(producer, std::move(rows.front()), true);
    }
  }
  return {};
}

Result<bool> Relay::send_rows(log::Producer& producer) {
  if (!in_flight_.has_room()) return false;
  HAIL_ASSIGN_OR_RETURN(auto rows, read_outbox(*db_, cursor_, kRowsAtOnce, kBytesAtOnce));
  for (auto& row : rows) {
    // A failure may hold up this very row.
    if (in_flight_.has_failed() || !in_flight_.has_room()) break;
    cursor_ = row.id;
    if (!held_.is_empty() && held_.holds(lane_of(producer, row))) continue;
    send(producer, std::move(row), false);
  }
  return !rows.empty();
}

void Relay::send(log::Producer& producer, OutboxRow row, bool is_first_of_held) {
  const int64_t id = row.id;
  const auto bytes = static_cast<size_t>(log::record_bytes(row.record));
  if (!in_flight_.add(id, bytes, is_first_of_held)) return;
  const auto sent =
      producer.send(row.topic, std::move(row.record),
                    [this, id](const Result<log::Delivery>& delivery) { answered(id, delivery); });
  if (!sent) answered(id, sent.error());
}

void Relay::answered(int64_t id, const Result<log::Delivery>& delivery) {
  if (delivery) {
    const std::lock_guard lock(mutex_);
    published_to_[delivery->id] = delivery->offset + 1;
  }
  if (in_flight_.answered(id, delivery)) wake();
}

}  // namespace hailstorm::service
