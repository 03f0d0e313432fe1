#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <optional>

#include "broker/cli/broker_absence.h"
#include "broker/cli/closed_partitions.h"
#include "broker/cli/commands.h"
#include "broker/cli/group_end.h"
#include "broker/cli/late_start.h"
#include "broker/cli/reading_end.h"
#include "broker/cli/record_printer.h"
#include "broker/cli/start_point.h"
#include "broker/cli/undecodable_places.h"
#include "common/base/stop_signal.h"
#include "common/base/text.h"

namespace hailstorm::cli {
namespace {

constexpr int kPollMs = 300;
constexpr int32_t kMaxPollRecords = 2'000;

struct ConsumeArguments {
  std::string topic;
  std::optional<std::string> group;
  std::optional<std::string> from;
  int64_t max = 0;  // 0: no limit
  bool follow = false;
};

/// One run of `hail consume`: prints up to `max` records and stops at the end that the log had at
/// the start, or follows it.
///
/// Thread safety: not safe.
class Consumption {
 public:
  Consumption(const Globals& globals, const ConsumeArguments& arguments, int64_t max)
      : arguments_(arguments),
        absence_(globals.broker),
        closed_(globals.json ? ClosedPartitions::Output::json_lines
                             : ClosedPartitions::Output::none),
        undecodable_(globals.json),
        left_(max),
        printer_(style_for_output(globals.json)) {}

  /// The exit code.
  Result<int> run(const Globals& globals) {
    HAIL_ASSIGN_OR_RETURN(const StartPoint from,
                          parse_start_point(arguments_.from.value_or("earliest")));
    HAIL_RETURN_IF_ERROR(
        check_group_start(arguments_.group, arguments_.from.value_or(""), arguments_.topic));
    HAIL_ASSIGN_OR_RETURN(connection_, connect(globals));
    HAIL_ASSIGN_OR_RETURN(const auto topic, find_topic(*connection_.admin, arguments_.topic));
    closed_.note(topic);
    end_ = ReadingEnd(topic);
    HAIL_RETURN_IF_ERROR(arguments_.group ? run_in_group(from) : run_alone(from));
    return std::max(closed_.exit_code(), undecodable_.exit_code());
  }

 private:
  [[nodiscard]] log::ConsumerOptions consumer_options(const StartPoint& from) const {
    log::ConsumerOptions options;
    options.group = arguments_.group.value_or("");
    options.max_poll_records = static_cast<int32_t>(std::min<int64_t>(left_, kMaxPollRecords));
    options.max_wait_ms = kPollMs;
    if (from.kind == StartPoint::Kind::latest) options.reset = log::OffsetReset::latest;
    return options;
  }

  Status run_alone(const StartPoint& from) {
    HAIL_ASSIGN_OR_RETURN(const auto found, resolve(*connection_.admin, from, end_.partitions()));
    closed_.note(found.closed);
    for (const log::Position& position : found.positions)
      end_.reached(position.id, position.offset);
    const auto consumer = connection_.engine->make_consumer(consumer_options(from));
    consumer->assign(found.positions);
    std::optional<LateStart> late;
    late.emplace(from, found.closed);
    while (wants_more() && (arguments_.follow || !end_.is_reached(*consumer))) {
      const auto records = poll(*consumer);
      if (is_to_follow(records)) {
        std::cerr << "hail: " << printable(records.error().message()) << std::endl;
        while (!begin_again(*consumer, late) && !stop_.wait_for(kPollMs)) continue;
        continue;
      }
      if (!records.ok()) return records.error();
      print(*records);
      if (arguments_.follow && !absence_.is_now())
        HAIL_RETURN_IF_ERROR(late->join(*connection_.admin, *consumer, end_, closed_));
    }
    return {};
  }

  /// The topic was deleted and made again, and this command goes on with the new one.
  [[nodiscard]] bool is_to_follow(const Result<std::vector<log::ConsumedRecord>>& polled) const {
    return arguments_.follow && !polled.ok() && polled.error().is(log::LogErrc::unknown_topic);
  }

  /// The new topic may have other partitions. False: it is gone once more, or cannot be asked for.
  [[nodiscard]] bool begin_again(log::Consumer& consumer, std::optional<LateStart>& late) {
    const auto topic = find_topic(*connection_.admin, arguments_.topic);
    if (!topic.ok()) return false;
    end_ = ReadingEnd(*topic);
    const auto starts = connection_.admin->offsets_at(end_.partitions(), log::kEarliest);
    if (!starts.ok()) return false;
    closed_.note(starts->closed);
    for (const log::Position& position : starts->positions)
      end_.reached(position.id, position.offset);
    consumer.assign(starts->positions);
    late.emplace(StartPoint{StartPoint::Kind::earliest, 0}, starts->closed);
    return true;
  }

  Status run_in_group(const StartPoint& from) {
    const auto options = consumer_options(from);
    const auto consumer = connection_.engine->make_consumer(options);
    consumer->subscribe({arguments_.topic});
    GroupEnd group_end(end_, from, options);
    while (wants_more()) {
      HAIL_ASSIGN_OR_RETURN(const auto records, poll(*consumer));
      const auto printed = print(records);
      if (!printed.empty()) HAIL_RETURN_IF_ERROR(commit(*consumer, printed));
      if (arguments_.follow || !records.empty()) continue;
      HAIL_ASSIGN_OR_RETURN(const bool done, group_end.is_reached(*connection_.admin, *consumer));
      if (done) return {};
    }
    return {};
  }

  /// No records also where the next poll may have some.
  Result<std::vector<log::ConsumedRecord>> poll(log::Consumer& consumer) {
    auto records = consumer.poll(kPollMs);
    closed_.note(consumer);
    if (records.ok()) absence_.is_over();
    if (records.ok() || !goes_on(records.error())) return records;
    return std::vector<log::ConsumedRecord>();
  }

  Status commit(log::Consumer& consumer, const std::vector<log::Position>& printed) {
    Status committed = consumer.commit(printed);
    if (committed.ok() || goes_on(committed.error())) return {};
    // What is not committed may be printed again, here or by another member. Where the topic is
    // gone, the group gives this member the new one when it is made.
    const bool may_pass = committed.error().is(log::LogErrc::unknown_outcome) ||
                          committed.error().is(log::LogErrc::unknown_topic);
    return arguments_.follow && may_pass ? Status() : committed;
  }

  /// Fenced: the next poll joins the group again. Corrupt: that partition is among the closed ones.
  bool goes_on(const Error& error) {
    if (error.is(log::LogErrc::fenced) || error.is(log::LogErrc::corrupt)) return true;
    return arguments_.follow && absence_.explains(error);
  }

  /// Prints what is due and gives the position after it, per partition. When it could not be
  /// written there is none, and no more is wanted.
  std::vector<log::Position> print(const std::vector<log::ConsumedRecord>& records) {
    std::map<log::TopicPartition, log::Position> next;
    for (const log::ConsumedRecord& record : records) {
      if (left_ == 0) break;
      const log::TopicPartition id{record.topic, record.partition};
      end_.reached(id, record.next_offset());
      if (!arguments_.follow && !end_.includes(id, record.offset))
        continue;  // younger than this command
      next[id] = {id, record.next_offset(), record.topic_id};
      if (record.undecodable) {
        undecodable_.note(id, record.offset, *record.undecodable);
        continue;
      }
      printer_.print(record);
      --left_;
    }
    if (!printer_.flush()) {
      left_ = 0;
      return {};
    }
    std::vector<log::Position> positions;
    for (const auto& [id, position] : next) positions.push_back(position);
    return positions;
  }

  [[nodiscard]] bool wants_more() const { return left_ > 0 && !stop_.requested(); }

  const ConsumeArguments& arguments_;
  StopSignal stop_;  // before any other thread starts
  Connection connection_;
  BrokerAbsence absence_;
  ClosedPartitions closed_;
  UndecodablePlaces undecodable_;
  ReadingEnd end_;
  int64_t left_;
  RecordPrinter printer_;
};

Result<int> consume(const Globals& globals, const ConsumeArguments& arguments) {
  const int64_t max = arguments.max == 0 ? std::numeric_limits<int64_t>::max() : arguments.max;
  return Consumption(globals, arguments, max).run(globals);
}

}  // namespace

void add_consume_command(Options& root, const Globals& globals) {
  const auto arguments = std::make_shared<ConsumeArguments>();
  Options& options = root.add_command(
      "consume", "Prints the records of a topic: on a terminal as blocks, else a line each",
      [&globals, arguments] { return finish(globals, consume(globals, *arguments)); });
  options.add_positional("TOPIC", arguments->topic, "the topic's name");
  options.add("group", arguments->group,
              "read as a member of this group and commit what was printed");
  options.add("from", arguments->from, start_point_check(),
              "earliest (default), latest, an offset, or a time like 2014-04-01T00:11:00Z");
  options.add("max", arguments->max, {0, kAnyMost, "records"},
              "stop after so many records; 0: no limit");
  options.add_flag("follow", arguments->follow, "go on at the end of the log, until Ctrl-C");
}

}  // namespace hailstorm::cli
