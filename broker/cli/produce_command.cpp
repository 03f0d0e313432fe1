#include <fmt/format.h>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "broker/cli/closed_partitions.h"
#include "broker/cli/commands.h"
#include "broker/cli/connection.h"
#include "broker/cli/table.h"
#include "common/json/json.h"

namespace hailstorm::cli {
namespace {

struct ProduceArguments {
  std::string topic;
  std::optional<std::string> key;
};

/// What became of the records, told on any of the producer's threads.
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
    std::cout << fmt::format("{} written to {}{}\n", counted(records, "record"), topic, where);
  }
}

/// The exit code, or why nothing could be done at all.
Result<int> produce(const Globals& globals, const ProduceArguments& arguments) {
  Deliveries deliveries;  // outlives the producer, whose thread tells it
  HAIL_ASSIGN_OR_RETURN(const Connection connection, connect(globals));
  HAIL_ASSIGN_OR_RETURN(const auto topic, find_topic(*connection.admin, arguments.topic));
  ClosedPartitions().note(topic);
  log::ProducerOptions options;
  options.delivery_timeout_ms = kDeliveryTimeoutMs;
  const auto producer = connection.engine->make_producer(options);
  Status taken;
  int64_t number = 0;
  for (std::string line; taken.ok() && std::getline(std::cin, line); ++number) {
    log::Record record;
    record.key = arguments.key;
    record.value = std::move(line);
    taken = producer->send(topic.name, std::move(record),
                           [&deliveries](const auto& done) { deliveries.note(done); });
  }
  const Status flushed = producer->flush(2 * kDeliveryTimeoutMs);
  report(globals, topic.name, deliveries);
  if (!taken.ok()) {
    std::cerr << fmt::format("hail: line {}: {}; it and those behind it were not sent\n", number,
                             taken.error().message());
  }
  if (flushed.ok() && deliveries.failed() == 0) return taken.ok() ? 0 : 1;
  const Error why = deliveries.first_failure().value_or(
      flushed.ok() ? Error(log::LogErrc::unknown_outcome, "?") : flushed.error());
  std::cerr << fmt::format("hail: {} records may not have been written: {}\n", deliveries.failed(),
                           why.message());
  return 1;
}

}  // namespace

void add_produce_command(Options& root, const Globals& globals) {
  const auto arguments = std::make_shared<ProduceArguments>();
  Options& options =
      root.add_command("produce", "Writes each line of standard input to a topic as one record",
                       [&globals, arguments] {
                         const auto code = produce(globals, *arguments);
                         return code.ok() ? *code : fail(globals, code.error());
                       });
  options.add_positional("TOPIC", arguments->topic, "the topic's name");
  options.add("key", arguments->key, "the key of every record; it chooses the partition");
}

}  // namespace hailstorm::cli
