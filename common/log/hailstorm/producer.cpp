#include "common/log/hailstorm/producer.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "common/log/hailstorm/option_check.h"
#include "common/log/record_check.h"
#include "common/wire/partitioner.h"

namespace hailstorm::log::hail {
namespace {

// A caller that does not wait any more may want to know soon what became of its records.
constexpr int64_t kProducerBackgroundAfterMs = 2;
constexpr size_t kMaxUnacknowledgedBytes = 64 << 20;

Accumulator::Options accumulator_options(const ProducerOptions& options) {
  return {options.linger_ms, std::clamp(options.batch_bytes, 1, ProducerOptions::kMaxBatchBytes),
          options.max_unacknowledged_records, kMaxUnacknowledgedBytes};
}

/// Not ok: a send would wait for ever, or no record could be delivered in time.
Status check(const ProducerOptions& options) {
  HAIL_RETURN_IF_ERROR(at_least("linger_ms", options.linger_ms, 0));
  HAIL_RETURN_IF_ERROR(at_least("batch_bytes", options.batch_bytes, 1));
  HAIL_RETURN_IF_ERROR(
      at_least("max_unacknowledged_records", options.max_unacknowledged_records, 1));
  HAIL_RETURN_IF_ERROR(at_least("delivery_timeout_ms", options.delivery_timeout_ms, 1));
  return {};
}

Record copy(const RecordView& view) {
  Record record;
  record.timestamp_ms = view.timestamp_ms;
  if (view.key) record.key.emplace(*view.key);
  if (view.value) record.value.emplace(*view.value);
  return record;
}

}  // namespace

HailstormProducer::HailstormProducer(const Environment& environment, ProducerOptions options)
    : options_(options),
      clock_(environment.clock),
      accumulator_(accumulator_options(options)),
      sender_(loop_, accumulator_, options_),
      loop_(environment, sender_, kProducerBackgroundAfterMs) {}

HailstormProducer::~HailstormProducer() {
  loop_.stop();
  const auto lock = loop_.lock();
  sender_.close();
}

Status HailstormProducer::wait_for_room() {
  auto lock = loop_.lock();
  loop_.run_until(lock, EventLoop::kNever,
                  [this] { return loop_.stopping() || accumulator_.has_room(); });
  if (loop_.stopping()) return Error(LogErrc::closed, "the producer was closed");
  return {};
}

Status HailstormProducer::send(const std::string& topic, Record record, DeliveryCallback done) {
  HAIL_RETURN_IF_ERROR(check(options_));
  HAIL_RETURN_IF_ERROR(check_record(topic, record));
  while (true) {
    const auto appended = accumulator_.append(topic, std::move(record), std::move(done),
                                              clock_.steady_ms(), clock_.wall_ms());
    if (appended.is_news) send_now();
    if (appended.has_room) return {};
    HAIL_RETURN_IF_ERROR(wait_for_room());
  }
}

Status HailstormProducer::send(const std::string& topic, std::span<const RecordView> records,
                               const BatchCallback& done) {
  HAIL_RETURN_IF_ERROR(check(options_));
  for (const RecordView& record : records) HAIL_RETURN_IF_ERROR(check_record(topic, record));
  while (!records.empty()) {
    const auto appended =
        accumulator_.append(topic, records, done, clock_.steady_ms(), clock_.wall_ms());
    if (appended.is_news) send_now();
    records = records.subspan(appended.record_count);
    if (!appended.has_room) {
      HAIL_RETURN_IF_ERROR(wait_for_room());
    } else if (appended.record_count == 0) {
      HAIL_RETURN_IF_ERROR(send(topic, copy(records.front()),
                                [done](const Result<Delivery>& result) { done(result, 1); }));
      records = records.subspan(1);
    }
  }
  return {};
}

/// On the caller's thread, which saves the way over another. A thread that runs the loop now is
/// woken instead.
void HailstormProducer::send_now() {
  const auto lock = loop_.try_lock();
  if (!lock) return loop_.wake();
  const int64_t now_ms = clock_.steady_ms();
  sender_.send_batches(now_ms);
  loop_.wake_if_due_earlier(now_ms);
}

Status HailstormProducer::flush(int timeout_ms) {
  const uint64_t last = accumulator_.begin_flush();
  auto lock = loop_.lock();
  const bool done = loop_.run_until(lock, clock_.steady_ms() + timeout_ms, [this, last] {
    return loop_.stopping() || accumulator_.is_acknowledged(last);
  });
  accumulator_.end_flush();
  if (done && !loop_.stopping()) return {};
  return Error(LogErrc::unknown_outcome,
               fmt::format("{} records are still unanswered after {} ms; they go on being sent",
                           accumulator_.unacknowledged(), timeout_ms));
}

std::optional<int32_t> HailstormProducer::partition_of(const std::string& topic,
                                                       std::string_view key) {
  const int32_t count = accumulator_.partition_count(topic);
  if (count == 0) return std::nullopt;
  return wire::partition_for_key(key, count);
}

}  // namespace hailstorm::log::hail
