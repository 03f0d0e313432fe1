#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "broker/cli/broker_absence.h"
#include "broker/cli/closed_partitions.h"
#include "broker/cli/group_end.h"
#include "broker/cli/late_start.h"
#include "broker/cli/perf.h"
#include "broker/cli/progress_line.h"
#include "broker/cli/undecodable_places.h"
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
  ConsumeRun(const Globals& globals, const PerfConsumeArguments& arguments)
      : arguments_(arguments),
        absence_(globals.broker),
        left_(arguments.records == 0 ? std::numeric_limits<int64_t>::max() : arguments.records) {}

  Result<PerfResult> run(const Globals& globals);
  /// 1: there were records that nobody can decode.
  [[nodiscard]] int exit_code() const { return undecodable_.exit_code(); }

 private:
  Status prepare();
  Status read();
  void take(const log::TopicPartition& id, const log::ConsumedView& record);
  Result<bool> at_end();
  [[nodiscard]] bool goes_on(const Error& error);
  [[nodiscard]] std::vector<log::Position> positions() const;
  void show_progress();
  [[nodiscard]] PerfResult result();

  const PerfConsumeArguments& arguments_;
  const StopSignal stop_;  // before any other thread starts
  const SystemClock clock_;
  Connection connection_;
  std::unique_ptr<log::Consumer> consumer_;
  StartPoint from_;
  BrokerAbsence absence_;
  ClosedPartitions closed_;
  UndecodablePlaces undecodable_{false};
  ReadingEnd end_;
  std::optional<GroupEnd> group_end_;
  std::optional<LateStart> late_;
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
    group_end_.emplace(end_, from_, options);
    consumer_->subscribe({arguments_.topic});
    return {};
  }
  HAIL_ASSIGN_OR_RETURN(const auto found, resolve(*connection_.admin, from_, end_.partitions()));
  closed_.note(found.closed);
  for (const log::Position& position : found.positions) end_.reached(position.id, position.offset);
  consumer_->assign(found.positions);
  late_.emplace(from_, found.closed);
  return {};
}

void ConsumeRun::take(const log::TopicPartition& id, const log::ConsumedView& record) {
  end_.reached(id, record.next_offset());
  if (left_ == 0 || (!arguments_.follow && !end_.includes(id, record.offset))) return;
  if (arguments_.group) next_[id] = {id, record.next_offset(), record.topic_id};
  if (record.undecodable != nullptr) {
    progress_.clear();
    return undecodable_.note(id, record.offset, *record.undecodable);
  }
  --left_;
  ++measured_.records;
  measured_.bytes += static_cast<int64_t>((record.key ? record.key->size() : 0) +
                                          (record.value ? record.value->size() : 0));
  // An older record waited for this command: its age says nothing about the broker.
  if (record.timestamp_ms >= start_ms_) age_.add((clock_.wall_ms() - record.timestamp_ms) * 1'000);
}

std::vector<log::Position> ConsumeRun::positions() const {
  std::vector<log::Position> all;
  for (const auto& [id, position] : next_) all.push_back(position);
  return all;
}

Result<bool> ConsumeRun::at_end() {
  if (arguments_.follow) return false;
  if (!arguments_.group) return end_.is_reached(*consumer_);
  return group_end_->is_reached(*connection_.admin, *consumer_);
}

Status ConsumeRun::read() {
  const int64_t before_us = steady_us();
  const auto got =
      consumer_->poll(kPollMs, [this](const auto& id, const auto& record) { take(id, record); });
  if (!consumer_->closed_partitions().empty()) progress_.clear();
  closed_.note(*consumer_);
  if (arguments_.follow && !got.ok() && got.error().is(log::LogErrc::unknown_topic)) {
    next_.clear();  // of a topic that was deleted; the next polls read the one that has its name
    return {};
  }
  if (!got.ok()) return goes_on(got.error()) ? Status() : got.error();
  absence_.is_over();
  if (arguments_.follow && late_)
    HAIL_RETURN_IF_ERROR(late_->join(*connection_.admin, *consumer_, end_, closed_));
  if (*got == 0) return {};
  last_us_ = steady_us();
  if (first_us_ == 0) first_us_ = before_us;
  measured_.latency.add(last_us_ - before_us);
  if (arguments_.group) consumer_->commit_soon(positions());
  return {};
}

/// Fenced: the next poll joins the group again. Corrupt: that partition is among the closed ones.
bool ConsumeRun::goes_on(const Error& error) {
  if (error.is(log::LogErrc::fenced) || error.is(log::LogErrc::corrupt)) return true;
  return arguments_.follow && absence_.explains(error);
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
  closed_.note(topic);
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
  if (!next_.empty()) (void)consumer_->commit(positions());
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
  result.closed = closed_.list();
  result.rows = {
      {"age", "from the record's time to its receipt, of records younger than this run", age_},
      {"poll", "of one poll that brought records", measured_.latency}};
  return result;
}

}  // namespace

Result<int> perf_consume(const Globals& globals, const PerfConsumeArguments& arguments) {
  HAIL_RETURN_IF_ERROR(check_group_start(arguments.group, arguments.from, arguments.topic));
  ConsumeRun run(globals, arguments);
  HAIL_ASSIGN_OR_RETURN(const PerfResult result, run.run(globals));
  const int code = report(globals, result);
  return std::max(code, run.exit_code());
}

}  // namespace hailstorm::cli
