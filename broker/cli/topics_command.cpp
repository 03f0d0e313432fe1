#include <fmt/format.h>
#include <iostream>
#include <memory>

#include "broker/cli/closed_partitions.h"
#include "broker/cli/commands.h"
#include "broker/cli/table.h"
#include "common/base/text.h"
#include "common/json/json.h"

namespace hailstorm::cli {
namespace {

struct TopicArguments {
  std::string name;
  log::TopicSettings settings;
  int64_t partitions = 4;
  int64_t max_batch_bytes = wire::kMaxBatchBytes;
  std::string flush = "always";
};

struct Totals {
  int64_t records = 0;
  int64_t bytes = 0;
};

Totals totals_of(const log::TopicInfo& topic) {
  Totals totals;
  for (const log::PartitionInfo& partition : topic.partitions) {
    totals.records += partition.high_watermark - partition.log_start_offset;
    totals.bytes += partition.size_bytes;
  }
  return totals;
}

json::Value to_json(const log::TopicInfo& topic) {
  json::Value partitions = json::Value::array();
  for (const log::PartitionInfo& partition : topic.partitions) {
    partitions.push_back({{"partition", partition.partition},
                          {"log_start_offset", partition.log_start_offset},
                          {"high_watermark", partition.high_watermark},
                          {"size_bytes", partition.size_bytes},
                          {"error", partition.error}});
  }
  const Totals totals = totals_of(topic);
  return {{"name", topic.name},
          {"id", topic.topic_id.text()},
          {"records", totals.records},
          {"size_bytes", totals.bytes},
          {"settings",
           {{"partitions", topic.partitions.size()},
            {"segment_bytes", topic.settings.segment_bytes},
            {"retention_ms", topic.settings.retention_ms},
            {"retention_bytes", topic.settings.retention_bytes},
            {"flush", topic.settings.flush_always ? "always" : "interval"},
            {"flush_interval_ms", topic.settings.flush_interval_ms},
            {"max_batch_bytes", topic.settings.max_batch_bytes}}},
          {"partitions", std::move(partitions)}};
}

Result<int> list(const Globals& globals) {
  HAIL_ASSIGN_OR_RETURN(const Connection connection, connect(globals));
  HAIL_ASSIGN_OR_RETURN(const auto topics, connection.admin->describe_topics({}));
  ClosedPartitions closed;
  for (const log::TopicInfo& topic : topics) closed.note(topic);
  if (globals.json) {
    json::Value out = json::Value::array();
    for (const log::TopicInfo& topic : topics) out.push_back(to_json(topic));
    std::cout << json::to_sorted_text(out, json::Layout::indented) << '\n';
    return closed.exit_code();
  }
  Table table({"TOPIC", "PARTITIONS", "RECORDS", "SIZE"});
  for (const log::TopicInfo& topic : topics) {
    const Totals totals = totals_of(topic);
    table.add({topic.name, std::to_string(topic.partitions.size()), std::to_string(totals.records),
               size_text(totals.bytes)});
  }
  std::cout << table.render();
  return closed.exit_code();
}

Result<int> describe(const Globals& globals, const TopicArguments& arguments) {
  HAIL_ASSIGN_OR_RETURN(const Connection connection, connect(globals));
  HAIL_ASSIGN_OR_RETURN(const auto topic, find_topic(*connection.admin, arguments.name));
  ClosedPartitions closed;
  closed.note(topic);
  if (globals.json) {
    std::cout << json::to_sorted_text(to_json(topic), json::Layout::indented) << '\n';
    return closed.exit_code();
  }
  const auto limit = [](int64_t value, const std::string& text) {
    return value < 0 ? "none" : text;
  };
  const log::TopicSettings& settings = topic.settings;
  std::cout << fmt::format(
      "{}: {} partitions, segments of {}, batches up to {}, retention by time {}, by size {}, "
      "flush {}, id {}\n",
      printable(topic.name), topic.partitions.size(), size_text(settings.segment_bytes),
      size_text(settings.max_batch_bytes),
      limit(settings.retention_ms, fmt::format("{} ms", settings.retention_ms)),
      limit(settings.retention_bytes, size_text(settings.retention_bytes)),
      settings.flush_always ? "always" : fmt::format("every {} ms", settings.flush_interval_ms),
      topic.topic_id.text());
  Table table({"PARTITION", "START", "END", "RECORDS", "SIZE", "STATE"});
  for (const log::PartitionInfo& partition : topic.partitions) {
    table.add({std::to_string(partition.partition), std::to_string(partition.log_start_offset),
               std::to_string(partition.high_watermark),
               std::to_string(partition.high_watermark - partition.log_start_offset),
               size_text(partition.size_bytes), partition.error.empty() ? "ok" : partition.error});
  }
  std::cout << table.render();
  return closed.exit_code();
}

Status create(const Globals& globals, const TopicArguments& arguments) {
  log::TopicSettings settings = arguments.settings;
  settings.partitions = static_cast<int32_t>(arguments.partitions);
  settings.flush_always = arguments.flush == "always";
  settings.max_batch_bytes = static_cast<int32_t>(arguments.max_batch_bytes);
  HAIL_ASSIGN_OR_RETURN(const Connection connection, connect(globals));
  HAIL_ASSIGN_OR_RETURN(const bool created,
                        connection.admin->create_topic(arguments.name, settings));
  if (!created) {
    return Error(log::LogErrc::refused, "topic '" + arguments.name + "' exists already");
  }
  if (globals.json) {
    std::cout << json::to_text({{"created", true}, {"name", arguments.name}}) << '\n';
  } else {
    std::cout << "created topic " << printable(arguments.name) << '\n';
  }
  return {};
}

Status remove(const Globals& globals, const TopicArguments& arguments) {
  HAIL_ASSIGN_OR_RETURN(const Connection connection, connect(globals));
  HAIL_ASSIGN_OR_RETURN(const auto topic, find_topic(*connection.admin, arguments.name));
  HAIL_RETURN_IF_ERROR(connection.admin->delete_topic(topic.name));
  if (globals.json) {
    std::cout << json::to_text({{"deleted", true}, {"name", topic.name}}) << '\n';
  } else {
    std::cout << "deleted topic " << printable(topic.name) << '\n';
  }
  return {};
}

}  // namespace

void add_topics_commands(Options& root, const Globals& globals) {
  Options& topics = root.add_command("topics", "Lists, makes, shows, changes and deletes topics");
  const auto arguments = std::make_shared<TopicArguments>();
  topics.add_command("list", "All topics, their partitions, records and size",
                     [&globals] { return finish(globals, list(globals)); });

  Options& create_options = topics.add_command("create", "Makes a topic", [&globals, arguments] {
    return finish(globals, create(globals, *arguments));
  });
  create_options.add_positional("NAME", arguments->name, "the topic's name");
  create_options.add("partitions", arguments->partitions, {1, wire::kMaxTopicPartitions},
                     "how many partitions");
  create_options.add("retention-ms", arguments->settings.retention_ms, {-1, kAnyMost, "ms"},
                     "drop records older than this; -1: never");
  create_options.add("retention-bytes", arguments->settings.retention_bytes,
                     {-1, kAnyMost, "bytes"},
                     "drop the oldest records of a partition above this size; -1: never");
  create_options.add("segment-bytes", arguments->settings.segment_bytes,
                     {wire::kMinSegmentBytes, INT32_MAX, "bytes"}, "size of one file of the log");
  create_options.add("max-batch-bytes", arguments->max_batch_bytes,
                     {wire::kLeastMaxBatchBytes, wire::kMostMaxBatchBytes, "bytes"},
                     "size of the largest batch, and so of the largest record, that it takes");
  create_options.add_choice(
      "flush", arguments->flush, {"always", "interval"},
      "always: durable before a record is acknowledged or read; interval: every second");

  Options& describe_options = topics.add_command(
      "describe", "A topic's settings and partitions",
      [&globals, arguments] { return finish(globals, describe(globals, *arguments)); });
  describe_options.add_positional("NAME", arguments->name, "the topic's name");

  Options& delete_options = topics.add_command(
      "delete", "Deletes a topic and its records",
      [&globals, arguments] { return finish(globals, remove(globals, *arguments)); });
  delete_options.add_positional("NAME", arguments->name, "the topic's name");

  add_alter_command(topics, globals);
  add_delete_records_command(topics, globals);
}

}  // namespace hailstorm::cli
