#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "broker/cli/perf.h"
#include "broker/cli/progress_line.h"
#include "broker/cli/reading_end.h"
#include "common/base/clock.h"
#include "common/base/stop_signal.h"

namespace hailstorm::cli {
namespace {

constexpr int kPollMs = 200;

/// One run: reads until the end that the log had at the start, or a number of records, or Ctrl-C.
///
/// Thread safety: not safe.
class ConsumeRun {
 public:
  explicit ConsumeRun(const PerfConsumeArguments& arguments)
      : arguments_(arguments),
        left_(arguments.records == 0 ? std::numeric_limits<int64_t>::max() : arguments.records) {}

  Result<PerfResult> run(const Globals& globals);

 private:
  Status prepare();
  Status read();
  void take(const log::TopicPartition& id, const log::ConsumedView& record);
  Result<bool> at_end();
  [[nodiscard]] std::vector<log::Position> positions() const;
  void show_progress();
  [[nodiscard]] PerfResult result();

  const PerfConsumeArguments& arguments_;
  const StopSignal stop_;  // before any other thread starts
  const SystemClock clock_;
  Connection connection_;
  std::unique_ptr<log::Consumer> consumer_;
  StartPoint from_;
  ReadingEnd end_;
  std::map<log::TopicPartition, log::Position> next_;  // of what was counted, for the group
  int64_t left_;

  Measured measured_;  // its latency: of polls
  LatencyHistogram age_;
  ProgressLine progress_;
  Measured last_shown_;
  int64_t last_shown_us_ = 0;
  int64_t start_us_ = 0;
  int64_t start_ms_ = 0;  // on the wall
  int64_t first_us_ = 0;  // when the first record came
  int64_t last_us_ = 0;
};

Status ConsumeRun::prepare() {
  log::ConsumerOptions options;
  options.group = arguments_.group.value_or("");
  options.max_wait_ms = kPollMs;
  if (from_.kind == StartPoint::Kind::latest) options.reset = log::OffsetReset::latest;
  consumer_ = connection_.engine->make_consumer(options);
  if (arguments_.group) {
    consumer_->subscribe({arguments_.topic});
    return {};
  }
  HAIL_ASSIGN_OR_RETURN(const auto positions,
                        resolve(*connection_.admin, from_, end_.partitions()));
  for (const log::Position& position : positions) end_.reached(position.id, position.offset);
  consumer_->assign(positions);
  return {};
}

void ConsumeRun::take(const log::TopicPartition& id, const log::ConsumedView& record) {
  end_.reached(id, record.offset + 1);
  if (left_ == 0 || (!arguments_.follow && !end_.includes(id, record.offset))) return;
  --left_;
  ++measured_.records;
  measured_.bytes += static_cast<int64_t>((record.key ? record.key->size() : 0) +
                                          (record.value ? record.value->size() : 0));
  // An older record waited for this command, which tells nothing of the broker.
  if (record.timestamp_ms >= start_ms_) age_.add((clock_.wall_ms() - record.timestamp_ms) * 1'000);
  if (arguments_.group) next_[id] = {id, record.offset + 1, record.topic_id};
}

std::vector<log::Position> ConsumeRun::positions() const {
  std::vector<log::Position> all;
  for (const auto& [id, position] : next_) all.push_back(position);
  return all;
}

Result<bool> ConsumeRun::at_end() {
  if (arguments_.follow) return false;
  if (!arguments_.group) return end_.is_reached();
  return end_.is_reached_by(*connection_.admin, *arguments_.group, consumer_->assignment(), from_);
}

Status ConsumeRun::read() {
  const int64_t before_us = steady_us();
  const auto got =
      consumer_->poll(kPollMs, [this](const auto& id, const auto& record) { take(id, record); });
  if (!got.ok() && got.error().is(log::LogErrc::fenced)) return {};  // the next poll rejoins
  if (arguments_.follow && !got.ok() && got.error().is(log::LogErrc::unknown_topic)) {
    next_.clear();  // of a topic that was deleted; the next polls read the one that has its name
    return {};
  }
  if (!got.ok()) return got.error();
  if (*got == 0) return {};
  last_us_ = steady_us();
  if (first_us_ == 0) first_us_ = before_us;
  measured_.latency.add(last_us_ - before_us);
  if (arguments_.group) consumer_->commit_soon(positions());
  return {};
}

void ConsumeRun::show_progress() {
  if (!progress_.is_due()) return;
  const int64_t now_us = steady_us();
  std::optional<int64_t> wanted;
  if (arguments_.records > 0) wanted = arguments_.records;
  progress_.show(progress_text(measured_, wanted, last_shown_.records, last_shown_.bytes,
                               static_cast<double>(now_us - last_shown_us_) / 1e6) +
                 fmt::format("  lag {}", consumer_->lag()));
  last_shown_ = measured_;
  last_shown_us_ = now_us;
}

Result<PerfResult> ConsumeRun::run(const Globals& globals) {
  HAIL_ASSIGN_OR_RETURN(from_, parse_start_point(arguments_.from));
  HAIL_ASSIGN_OR_RETURN(connection_, connect(globals));
  HAIL_ASSIGN_OR_RETURN(const auto topic, find_topic(*connection_.admin, arguments_.topic));
  end_ = ReadingEnd(topic);
  start_us_ = last_shown_us_ = steady_us();
  start_ms_ = clock_.wall_ms();
  HAIL_RETURN_IF_ERROR(prepare());
  while (left_ > 0 && !stop_.requested()) {
    const int64_t before = measured_.records;
    HAIL_RETURN_IF_ERROR(read());
    show_progress();
    if (arguments_.group && measured_.records > before) continue;  // asking for the end costs
    HAIL_ASSIGN_OR_RETURN(const bool done, at_end());
    if (done) break;
  }
  // The last of those that were only asked for may still be on its way. Fenced: another's by now.
  if (!next_.empty()) static_cast<void>(consumer_->commit(positions()).ok());
  return result();
}

PerfResult ConsumeRun::result() {
  progress_.clear();
  PerfResult result;
  result.what = "consumed";
  if (arguments_.group) result.how = ", group " + *arguments_.group;
  // Neither joining the group nor waiting for the first record is the broker's speed.
  result.seconds = static_cast<double>(last_us_ - first_us_) / 1e6;
  result.measured = measured_;
  result.was_interrupted = stop_.requested();
  result.rows = {
      {"age", "from the record's time to its receipt, of records younger than this run", age_},
      {"poll", "of one poll that brought records", measured_.latency}};
  return result;
}

}  // namespace

Result<int> perf_consume(const Globals& globals, const PerfConsumeArguments& arguments) {
  if (arguments.records < 0) return Error(log::LogErrc::refused, "--records must not be negative");
  HAIL_RETURN_IF_ERROR(check_group_start(arguments.group, arguments.from, arguments.topic));
  ConsumeRun run(arguments);
  HAIL_ASSIGN_OR_RETURN(const PerfResult result, run.run(globals));
  return report(globals, result);
}

}  // namespace hailstorm::cli
