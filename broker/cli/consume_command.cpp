#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <optional>

#include "broker/cli/commands.h"
#include "broker/cli/reading_end.h"
#include "broker/cli/record_printer.h"
#include "broker/cli/start_point.h"
#include "common/base/stop_signal.h"

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
      : arguments_(arguments), left_(max), printer_(style_for_output(globals.json)) {}

  Status run(const Globals& globals) {
    HAIL_ASSIGN_OR_RETURN(const StartPoint from,
                          parse_start_point(arguments_.from.value_or("earliest")));
    HAIL_RETURN_IF_ERROR(
        check_group_start(arguments_.group, arguments_.from.value_or(""), arguments_.topic));
    HAIL_ASSIGN_OR_RETURN(connection_, connect(globals));
    HAIL_ASSIGN_OR_RETURN(const auto topic, find_topic(*connection_.admin, arguments_.topic));
    end_ = ReadingEnd(topic);
    return arguments_.group ? run_in_group(from) : run_alone(from);
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
    HAIL_ASSIGN_OR_RETURN(const auto positions,
                          resolve(*connection_.admin, from, end_.partitions()));
    for (const log::Position& position : positions) end_.reached(position.id, position.offset);
    const auto consumer = connection_.engine->make_consumer(consumer_options(from));
    consumer->assign(positions);
    while (wants_more() && (arguments_.follow || !end_.is_reached())) {
      const auto records = consumer->poll(kPollMs);
      if (is_to_follow(records)) {
        std::cerr << "hail: " << records.error().message() << std::endl;
        while (!begin_again(*consumer) && !stop_.wait_for(kPollMs)) continue;
        continue;
      }
      if (!records.ok()) return records.error();
      print(*records);
    }
    return {};
  }

  /// The topic was deleted and made again, and this command goes on with the new one.
  [[nodiscard]] bool is_to_follow(const Result<std::vector<log::ConsumedRecord>>& polled) const {
    return arguments_.follow && !polled.ok() && polled.error().is(log::LogErrc::unknown_topic);
  }

  /// The new topic may have other partitions. False: it is gone once more, or cannot be asked for.
  [[nodiscard]] bool begin_again(log::Consumer& consumer) {
    const auto topic = find_topic(*connection_.admin, arguments_.topic);
    if (!topic.ok()) return false;
    end_ = ReadingEnd(*topic);
    const auto starts = connection_.admin->offsets_at(end_.partitions(), log::kEarliest);
    if (starts.ok()) consumer.assign(*starts);
    return starts.ok();
  }

  Status run_in_group(const StartPoint& from) {
    const auto consumer = connection_.engine->make_consumer(consumer_options(from));
    consumer->subscribe({arguments_.topic});
    while (wants_more()) {
      auto records = consumer->poll(kPollMs);
      if (!records.ok() && records.error().is(log::LogErrc::fenced))
        continue;  // the next poll rejoins
      if (!records.ok()) return std::move(records).error();
      const auto printed = print(*records);
      if (const auto committed = commit(*consumer, printed); !committed.ok()) return committed;
      if (arguments_.follow || !records->empty()) continue;
      HAIL_ASSIGN_OR_RETURN(
          const bool done,
          end_.is_reached_by(*connection_.admin, *arguments_.group, consumer->assignment(), from));
      if (done) return {};
    }
    return {};
  }

  Status commit(log::Consumer& consumer, const std::vector<log::Position>& printed) const {
    if (printed.empty()) return {};
    auto committed = consumer.commit(printed);
    // The topic is gone. When it is made again, the group gives us the new one.
    const bool is_gone = !committed.ok() && committed.error().is(log::LogErrc::unknown_topic);
    return arguments_.follow && is_gone ? Status() : std::move(committed);
  }

  /// Prints what is due and gives the position behind it, per partition. When it could not be
  /// written there is none, and no more is wanted.
  std::vector<log::Position> print(const std::vector<log::ConsumedRecord>& records) {
    std::map<log::TopicPartition, log::Position> next;
    for (const log::ConsumedRecord& record : records) {
      if (left_ == 0) break;
      const log::TopicPartition id{record.topic, record.partition};
      end_.reached(id, record.offset + 1);
      if (!arguments_.follow && !end_.includes(id, record.offset))
        continue;  // younger than this command
      printer_.print(record);
      next[id] = {id, record.offset + 1, record.topic_id};
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
  ReadingEnd end_;
  int64_t left_;
  RecordPrinter printer_;
};

Status consume(const Globals& globals, const ConsumeArguments& arguments) {
  if (arguments.max < 0) return Error(log::LogErrc::refused, "--max must not be negative");
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
  options.add("from", arguments->from,
              "earliest (default), latest, an offset, or a time like 2014-04-01T00:11:00Z");
  options.add("max", arguments->max, "stop after so many records; 0: no limit");
  options.add_flag("follow", arguments->follow, "go on at the end of the log, until Ctrl-C");
}

}  // namespace hailstorm::cli
