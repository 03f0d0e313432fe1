#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fmt/format.h>
#include <vector>

#include "broker/cli/closed_partitions.h"
#include "broker/cli/connection.h"
#include "broker/cli/perf.h"
#include "broker/cli/progress_line.h"
#include "broker/cli/table.h"
#include "common/base/clock.h"
#include "common/base/logging.h"
#include "common/base/stop_signal.h"

namespace hailstorm::cli {
namespace {

constexpr int64_t kMaxBytesInFlight = 32 << 20;  // below what a producer waits at by itself
constexpr int64_t kMaxRecordsAtOnce = 500;
constexpr int kWaitMs = 50;
constexpr int kAfterCtrlCMs = 500;

Status check(const PerfProduceArguments& arguments) {
  constexpr int64_t kRecordOverhead = 10;
  if (arguments.records > kMaxTotalBytes / (arguments.size + kRecordOverhead))
    return Error(log::LogErrc::refused,
                 fmt::format("{} records of {} bytes are more than {}, the most that one run "
                             "writes; ask for fewer or smaller ones",
                             arguments.records, arguments.size, size_text(kMaxTotalBytes)));
  return {};
}

/// One run: keeps a window of records on their way until all are answered for, something fails, or
/// Ctrl-C comes.
///
/// Thread safety: not safe, but for answered(), which the producer calls on any thread.
class ProduceRun {
 public:
  explicit ProduceRun(const PerfProduceArguments& arguments)
      : arguments_(arguments),
        value_(static_cast<size_t>(arguments.size), 'h'),
        at_once_(std::clamp<int64_t>(arguments.batch / std::max<int64_t>(arguments.size, 1), 1,
                                     std::min(kMaxRecordsAtOnce, arguments.in_flight))),
        window_(std::clamp<int64_t>(kMaxBytesInFlight / std::max<int64_t>(arguments.size, 1), 1,
                                    arguments.in_flight)) {
    records_.resize(static_cast<size_t>(at_once_));
    for (auto& record : records_) record.value = value_;
  }

  Result<PerfResult> run(const Globals& globals);

 private:
  [[nodiscard]] bool may_go_on() const { return !stop_.requested() && !has_failed_; }
  Status send_some(log::Producer& producer);
  void answered(const Result<log::Delivery>& delivery, int64_t count, int64_t sent_us);
  [[nodiscard]] int64_t due_now() const;
  void wait_for_answers(int64_t most_unanswered);
  void show_progress();
  [[nodiscard]] PerfResult result();

  const PerfProduceArguments& arguments_;
  const StopSignal stop_;  // before any other thread starts
  const std::string value_;
  const int64_t at_once_;
  const int64_t window_;
  std::vector<log::RecordView> records_;
  Meter meter_;
  ProgressLine progress_;
  Measured last_shown_;
  int64_t last_shown_us_ = 0;
  int64_t start_us_ = 0;
  int64_t sent_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  int64_t answered_ = 0;  // under mutex_
  std::atomic<bool> has_failed_ = false;
};

void ProduceRun::answered(const Result<log::Delivery>& delivery, int64_t count, int64_t sent_us) {
  if (delivery.ok()) {
    meter_.add(steady_us() - sent_us, count, count * arguments_.size);
  } else {
    meter_.fail(delivery.error(), count);
    has_failed_ = true;
  }
  const std::lock_guard lock(mutex_);
  answered_ += count;
  changed_.notify_one();
}

int64_t ProduceRun::due_now() const {
  if (arguments_.rate == 0) return arguments_.records;
  const double seconds = static_cast<double>(steady_us() - start_us_) / 1e6;
  return std::min(arguments_.records,
                  1 + static_cast<int64_t>(seconds * static_cast<double>(arguments_.rate)));
}

void ProduceRun::wait_for_answers(int64_t most_unanswered) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(kWaitMs),
                    [&] { return sent_ - answered_ <= most_unanswered || has_failed_; });
}

Status ProduceRun::send_some(log::Producer& producer) {
  const int64_t due = due_now() - sent_;
  if (due == 0) {
    (void)stop_.wait_for(1);
    return {};
  }
  int64_t room = 0;
  {
    const std::lock_guard lock(mutex_);
    room = window_ - (sent_ - answered_);
  }
  const int64_t count = std::min(due, at_once_);
  if (room < count) {
    wait_for_answers(window_ - count);
    return {};
  }
  // At a given rate a record's time runs from when it was due, so that a slow broker cannot hide
  // what waits for it.
  const int64_t sent_us =
      arguments_.rate == 0 ? steady_us() : start_us_ + sent_ * 1'000'000 / arguments_.rate;
  sent_ += count;
  return producer.send(arguments_.topic, std::span(records_).first(static_cast<size_t>(count)),
                       [this, sent_us](const Result<log::Delivery>& delivery, int64_t records) {
                         answered(delivery, records, sent_us);
                       });
}

void ProduceRun::show_progress() {
  if (!progress_.is_due()) return;
  const Measured now = meter_.measured();
  const int64_t now_us = steady_us();
  std::string line = progress_text(now, arguments_.records, last_shown_.records, last_shown_.bytes,
                                   static_cast<double>(now_us - last_shown_us_) / 1e6);
  if (now.latency.count() > 0) line += "  p99 " + duration_text(now.latency.percentile_us(0.99));
  if (now.records == last_shown_.records) line += "  (waits for the broker)";
  progress_.show(line);
  last_shown_ = now;
  last_shown_us_ = now_us;
}

Result<PerfResult> ProduceRun::run(const Globals& globals) {
  HAIL_ASSIGN_OR_RETURN(const Connection connection, connect(globals));
  HAIL_ASSIGN_OR_RETURN(const auto topic, find_topic(*connection.admin, arguments_.topic));
  ClosedPartitions().note(topic);  // its records go to the others
  log::ProducerOptions options;
  options.acks_all = arguments_.acks == "all";
  options.linger_ms = static_cast<int32_t>(arguments_.linger_ms);
  options.batch_bytes = static_cast<int32_t>(arguments_.batch);
  options.max_unacknowledged_records = 2 * kMaxInFlight;  // ours counts, and does not block
  options.delivery_timeout_ms = kDeliveryTimeoutMs;
  options.compression = compression::codec_named(arguments_.compression).value();
  const auto producer = connection.engine->make_producer(options);
  start_us_ = last_shown_us_ = steady_us();
  while (may_go_on() && sent_ < arguments_.records) {
    HAIL_RETURN_IF_ERROR(send_some(*producer));
    show_progress();
  }
  const auto is_answered = [this] {
    const std::lock_guard lock(mutex_);
    return answered_ == sent_;
  };
  while (may_go_on() && !is_answered()) {
    wait_for_answers(0);
    show_progress();
  }
  if (!is_answered()) (void)producer->flush(kAfterCtrlCMs);
  return result();
}

PerfResult ProduceRun::result() {
  progress_.clear();
  PerfResult result;
  result.what = "produced";
  result.how = ", acks=" + arguments_.acks;
  result.seconds = static_cast<double>(steady_us() - start_us_) / 1e6;
  result.measured = meter_.measured();
  result.unanswered = sent_ - result.measured.records - result.measured.failed;
  result.was_interrupted = stop_.requested();
  result.rows = {{"latency",
                  arguments_.rate == 0 ? "from the send to the acknowledgement"
                                       : "from when it was due to the acknowledgement",
                  result.measured.latency}};
  return result;
}

}  // namespace

Result<int> perf_produce(const Globals& globals, const PerfProduceArguments& arguments) {
  HAIL_RETURN_IF_ERROR(check(arguments));
  init_logging("hail", LogLevel::warn);  // why nothing moves, should nothing move
  ProduceRun run(arguments);
  HAIL_ASSIGN_OR_RETURN(const PerfResult result, run.run(globals));
  return report(globals, result);
}

}  // namespace hailstorm::cli
