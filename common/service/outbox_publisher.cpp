#include "common/service/outbox_publisher.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/base/logging.h"
#include "common/log/record_check.h"
#include "common/service/log_positions.h"

namespace hailstorm::service {
namespace {

constexpr int64_t kRowsAtOnce = 1000;
constexpr int64_t kBytesAtOnce = 8 << 20;

/// The same record would be refused again at once.
bool is_for_good(const Error& error) {
  return error.is(log::LogErrc::refused) || error.is(log::LogErrc::corrupt);
}

std::optional<int32_t> partition_of(log::Producer& producer, const OutboxRow& row) {
  if (!row.record.key) return std::nullopt;
  return producer.partition_of(row.topic, *row.record.key);
}

/// Where the row goes: one partition, or, where that is not known, the whole topic.
log::TopicPartition target_of(log::Producer& producer, const OutboxRow& row) {
  return {row.topic, partition_of(producer, row).value_or(HeldRows::kWholeTopic)};
}

}  // namespace

RelayMetrics::RelayMetrics(Metrics& metrics)
    : published(metrics.counter("hailstorm_outbox_published_total",
                                "Outbox rows that the log has acknowledged.")),
      set_aside(metrics.counter("hailstorm_outbox_set_aside_total",
                                "Outbox rows that the log refused for good.")),
      held_partitions(metrics.gauge("hailstorm_outbox_held_partitions",
                                    "Partitions whose outbox rows wait until they take any.")) {}

OutboxPublisher::OutboxPublisher(std::unique_ptr<log::Producer> producer, store::Database& db,
                                 Writer& writer, RelayMetrics& metrics, const Clock& clock,
                                 Listener listener)
    : producer_(std::move(producer)),
      db_(db),
      writer_(writer),
      metrics_(metrics),
      clock_(clock),
      listener_(std::move(listener)) {
  show_held();
}

OutboxPublisher::~OutboxPublisher() {
  producer_.reset();  // its callbacks refer to this object; afterwards none comes
  (void)erase(in_flight_.take_answers().acknowledged);
}

Result<bool> OutboxPublisher::publish_some(bool tries_held_rows) {
  HAIL_RETURN_IF_ERROR(take_answers());
  if (tries_held_rows) HAIL_RETURN_IF_ERROR(try_held_rows());
  return send_rows();
}

Status OutboxPublisher::erase(const std::vector<int64_t>& acknowledged) {
  if (acknowledged.empty()) return {};
  metrics_.published.add(acknowledged.size());
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

Status OutboxPublisher::take_answers() {
  auto answers = in_flight_.take_answers();
  std::vector<RefusedRow> refused;
  for (auto& failed : answers.failed) HAIL_RETURN_IF_ERROR(take_failed(std::move(failed), refused));
  HAIL_RETURN_IF_ERROR(set_aside_rows(refused));
  for (const int64_t id : answers.first_of_held_taken) release(id);
  return erase(answers.acknowledged);
}

/// A row that is refused for good goes to `refused`; any other stays, and its partition's rows wait
/// for it.
Status OutboxPublisher::take_failed(RowsInFlight::Failed failed, std::vector<RefusedRow>& refused) {
  HAIL_ASSIGN_OR_RETURN(const auto rows, read_outbox(db_, failed.id - 1, 1));
  if (rows.empty() || rows.front().id != failed.id) {
    release(failed.id);  // another instance has published it
    return {};
  }
  const OutboxRow& row = rows.front();
  if (is_for_good(failed.error)) {
    refused.push_back({row.id, partition_of(*producer_, row), failed.error.message()});
    return {};
  }
  auto target = target_of(*producer_, row);
  if (failed.error.is(log::LogErrc::unknown_topic)) target.partition = HeldRows::kWholeTopic;
  hold(target, row.id, failed.error);
  return {};
}

Status OutboxPublisher::set_aside_rows(const std::vector<RefusedRow>& refused) {
  if (refused.empty()) return {};
  const int64_t now_ms = clock_.wall_ms();
  HAIL_RETURN_IF_ERROR(
      writer_.submit([&](store::Database& db) { return set_aside(db, refused, now_ms); }));
  metrics_.set_aside.add(refused.size());
  log_error("the log refuses events for good; they are set aside, and the others go on",
            {{"rows", refused.size()}, {"first", refused.front().error}});
  for (const RefusedRow& row : refused) release(row.id);
  return {};
}

void OutboxPublisher::hold(const log::TopicPartition& partition, int64_t id, const Error& why) {
  if (!held_.hold(partition, id, why, clock_.steady_ms())) return;
  log_warn("events for a partition wait; those for others go on",
           {distinct_by({"topic", partition.topic}),
            distinct_by({"partition", partition.partition}), why});
  show_held();
}

/// What is held after the row `id` is read again from there.
void OutboxPublisher::release(int64_t id) {
  const auto released = held_.release(id);
  if (released.empty()) return;
  for (const auto& partition : released) {
    log_info("events for a partition go on",
             {{"topic", partition.topic}, {"partition", partition.partition}});
  }
  cursor_ = std::min(cursor_, id);
  show_held();
}

void OutboxPublisher::show_held() {
  auto list = held_.list();
  metrics_.held_partitions.set(static_cast<double>(list.size()));
  listener_.held(std::move(list));
}

Status OutboxPublisher::try_held_rows() {
  if (held_.is_empty()) return {};
  for (const int64_t id : held_.due(clock_.steady_ms())) {
    HAIL_ASSIGN_OR_RETURN(auto rows, read_outbox(db_, id - 1, 1));
    if (rows.empty() || rows.front().id != id) {
      release(id);  // another instance has published it
    } else {
      send(std::move(rows.front()), true);
    }
  }
  return {};
}

Result<bool> OutboxPublisher::send_rows() {
  if (!in_flight_.has_room()) return false;
  HAIL_ASSIGN_OR_RETURN(auto rows, read_outbox(db_, cursor_, kRowsAtOnce, kBytesAtOnce));
  for (auto& row : rows) {
    // A failure may hold up this very row.
    if (in_flight_.has_failed() || !in_flight_.has_room()) break;
    cursor_ = row.id;
    if (!held_.is_empty() && held_.holds(target_of(*producer_, row))) continue;
    send(std::move(row), false);
  }
  return !rows.empty();
}

void OutboxPublisher::send(OutboxRow row, bool is_first_of_held) {
  const int64_t id = row.id;
  const auto bytes = static_cast<size_t>(log::record_bytes(row.record));
  if (!in_flight_.add(id, bytes, is_first_of_held)) return;
  const auto sent = producer_->send(
      row.topic, std::move(row.record),
      [this, id](const Result<log::Delivery>& delivery) { on_delivery(id, delivery); });
  if (!sent.ok()) on_delivery(id, sent.error());
}

void OutboxPublisher::on_delivery(int64_t id, const Result<log::Delivery>& delivery) {
  if (delivery.ok()) {
    const std::lock_guard lock(mutex_);
    published_to_[delivery->id] = delivery->offset + 1;
  }
  if (in_flight_.answered(id, delivery)) listener_.answered();
}

}  // namespace hailstorm::service
