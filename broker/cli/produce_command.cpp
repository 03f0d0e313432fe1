#include <fmt/format.h>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <unistd.h>

#include "broker/cli/closed_partitions.h"
#include "broker/cli/commands.h"
#include "broker/cli/compression_option.h"
#include "broker/cli/line_reader.h"
#include "broker/cli/record_json.h"
#include "broker/cli/table.h"
#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/json/json.h"

namespace hailstorm::cli {
namespace {

constexpr int kFlushTimeoutMs = 2 * kDeliveryTimeoutMs;

struct ProduceArguments {
  std::string topic;
  std::optional<std::string> key;
  std::optional<std::string> key_separator;
  std::vector<std::string> headers;
  bool tombstone = false;
  std::string compression = "none";
};

Error refused(std::string why) { return {log::LogErrc::refused, std::move(why)}; }

/// What became of the records, reported on any of the producer's threads.
///
/// Thread safety: safe.
class Deliveries {
 public:
  void note(const Result<log::Delivery>& delivery) {
    const std::lock_guard lock(mutex_);
    if (delivery.ok()) {
      ++records_by_partition_[delivery->id.partition];
    } else {
      ++failed_;
      if (!first_failure_) first_failure_ = delivery.error();
    }
  }
  [[nodiscard]] std::map<int32_t, int64_t> records_by_partition() const {
    const std::lock_guard lock(mutex_);
    return records_by_partition_;
  }
  [[nodiscard]] int64_t failed() const {
    const std::lock_guard lock(mutex_);
    return failed_;
  }
  [[nodiscard]] std::optional<Error> first_failure() const {
    const std::lock_guard lock(mutex_);
    return first_failure_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<int32_t, int64_t> records_by_partition_;
  int64_t failed_ = 0;
  std::optional<Error> first_failure_;
};

void report(const Globals& globals, const std::string& topic, const Deliveries& deliveries) {
  int64_t records = 0;
  json::Value partitions = json::Value::array();
  std::string where;
  for (const auto& [partition, count] : deliveries.records_by_partition()) {
    records += count;
    partitions.push_back({{"partition", partition}, {"records", count}});
    where += fmt::format("{}{} to partition {}", where.empty() ? ": " : ", ", count, partition);
  }
  if (globals.json) {
    const json::Value out = {{"topic", topic},
                             {"records", records},
                             {"failed", deliveries.failed()},
                             {"partitions", partitions}};
    std::cout << json::to_sorted_text(out) << '\n';
  } else {
    std::cout << fmt::format("{} written to {}{}\n", counted(records, "record"), printable(topic),
                             where);
  }
}

Status check(const Globals& globals, const ProduceArguments& arguments) {
  const bool has_own =
      arguments.key || arguments.key_separator || !arguments.headers.empty() || arguments.tombstone;
  if (globals.json && has_own)
    return refused(
        "with --json each line holds the whole record; --key, --key-separator, --header and "
        "--tombstone do not go with it");
  if (arguments.key && arguments.key_separator)
    return refused("--key and --key-separator both say what the key is; give one of them");
  if (arguments.tombstone && arguments.key_separator)
    return refused("with --tombstone a line is a key and has no value; leave --key-separator out");
  if (arguments.key_separator && arguments.key_separator->empty())
    return refused("--key-separator is empty; give one or more characters");
  return {};
}

Result<log::Headers> headers_of(const std::vector<std::string>& texts) {
  log::Headers headers;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      return refused(fmt::format("--header is NAME=VALUE, not '{}'", text));
    headers.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return headers;
}

/// One run of `hail produce`: makes a record of each line of standard input and sends it.
///
/// Thread safety: not safe.
class Production {
 public:
  Production(const Globals& globals, const ProduceArguments& arguments)
      : globals_(globals),
        arguments_(arguments),
        lines_(globals.json ? kMaxJsonLineBytes : size_t{log::kMaxRecordBytes}) {}

  /// The exit code, or why nothing could be done at all.
  Result<int> run() {
    HAIL_RETURN_IF_ERROR(check(globals_, arguments_));
    HAIL_ASSIGN_OR_RETURN(headers_, headers_of(arguments_.headers));
    if (reads_lines()) HAIL_RETURN_IF_ERROR(LineReader::check_open());
    HAIL_ASSIGN_OR_RETURN(const Connection connection, connect(globals_));
    HAIL_ASSIGN_OR_RETURN(topic_, find_topic(*connection.admin, arguments_.topic));
    ClosedPartitions().note(topic_);
    log::ProducerOptions options;
    options.delivery_timeout_ms = kDeliveryTimeoutMs;
    options.compression = compression::codec_named(arguments_.compression).value();
    const auto producer = connection.engine->make_producer(options);
    const Status taken = reads_lines() ? send_lines(*producer) : send_tombstone(*producer);
    const Status flushed = producer->flush(kFlushTimeoutMs);
    report(globals_, topic_.name, deliveries_);
    if (!taken.ok()) std::cerr << "hail: " << printable(taken.error().message()) << '\n';
    if (flushed.ok() && deliveries_.failed() == 0) return taken.ok() ? 0 : 1;
    const Error why = deliveries_.first_failure().value_or(
        flushed.ok() ? Error(log::LogErrc::unknown_outcome, "?") : flushed.error());
    std::cerr << fmt::format("hail: {} records may not have been written: {}\n",
                             deliveries_.failed(), printable(why.message()));
    return 1;
  }

 private:
  /// One tombstone needs no line.
  [[nodiscard]] bool reads_lines() const { return !arguments_.tombstone || !arguments_.key; }

  Status send_tombstone(log::Producer& producer) {
    return send(producer, {arguments_.key, std::nullopt, headers_, -1});
  }

  Status send_lines(log::Producer& producer) {
    std::string line;
    while (true) {
      const auto more = lines_.next(line);
      if (!more.ok()) return at_line(more.error());
      if (!*more) return {};
      if (globals_.json && line.find_first_not_of(" \t\r") == std::string::npos) continue;
      auto record = record_of(std::move(line));
      if (!record.ok()) return at_line(record.error());
      const Status sent = send(producer, *std::move(record));
      if (!sent.ok()) return at_line(sent.error());
    }
  }

  [[nodiscard]] Error at_line(const Error& error) const {
    return refused(fmt::format("line {}: {}; it and those after it were not sent",
                               lines_.line_number(), error.message()));
  }

  Result<log::Record> record_of(std::string line) const {
    if (globals_.json) return record_from_json(line);
    log::Record record{arguments_.key, std::nullopt, headers_, -1};
    if (arguments_.tombstone) {
      if (line.empty()) return refused("it is empty; with --tombstone each line is a key");
      record.key = std::move(line);
    } else if (arguments_.key_separator) {
      const size_t end = line.find(*arguments_.key_separator);
      if (end == std::string::npos)
        return refused(fmt::format("there is no '{}' in it that would end its key",
                                   *arguments_.key_separator));
      record.key = line.substr(0, end);
      record.value = line.substr(end + arguments_.key_separator->size());
    } else {
      record.value = std::move(line);
    }
    return record;
  }

  Status send(log::Producer& producer, log::Record record) {
    if (record.partition >= static_cast<int32_t>(topic_.partitions.size()))
      return refused(fmt::format("topic '{}' has no partition {}, it has {}", topic_.name,
                                 record.partition, counted(topic_.partitions.size(), "partition")));
    if (record.timestamp_ms > clock_.wall_ms()) return send_alone(producer, std::move(record));
    return producer.send(topic_.name, std::move(record),
                         [this](const auto& done) { deliveries_.note(done); });
  }

  /// The broker may refuse a time that is ahead of its own, and refuses the whole batch then: so
  /// the batch has this record alone.
  Status send_alone(log::Producer& producer, log::Record record) {
    HAIL_RETURN_IF_ERROR(producer.flush(kFlushTimeoutMs));
    const auto outcome = std::make_shared<Status>();  // may be set when this has given up
    HAIL_RETURN_IF_ERROR(
        producer.send(topic_.name, std::move(record), [this, outcome](const auto& done) {
          if (done.ok()) deliveries_.note(done);
          if (!done.ok()) *outcome = done.error();
        }));
    HAIL_RETURN_IF_ERROR(producer.flush(kFlushTimeoutMs));
    return *outcome;
  }

  const Globals& globals_;
  const ProduceArguments& arguments_;
  log::TopicInfo topic_;
  log::Headers headers_;
  LineReader lines_;
  const SystemClock clock_;
  Deliveries deliveries_;
};

}  // namespace

void add_produce_command(Options& root, const Globals& globals) {
  const auto arguments = std::make_shared<ProduceArguments>();
  Options& options = root.add_command(
      "produce",
      "Writes each line of standard input to a topic as one record; with --json, each line as "
      "'hail consume --json' prints it",
      [&globals, arguments] {
        const auto code = Production(globals, *arguments).run();
        return code.ok() ? *code : fail(globals, code.error());
      });
  options.add_positional("TOPIC", arguments->topic, "the topic's name");
  options.add("key", arguments->key, "the key of every record; it chooses the partition");
  options.add("key-separator", arguments->key_separator,
              "each line is a key, this text, and a value; the first place counts");
  add_compression(options, arguments->compression);
  options.add_each("header", arguments->headers,
                   "NAME=VALUE: a header of every record; may be given several times");
  options.add_flag("tombstone", arguments->tombstone,
                   "records without a value: one with --key, and standard input is not read, else "
                   "one for each line, which is the key");
}

}  // namespace hailstorm::cli
