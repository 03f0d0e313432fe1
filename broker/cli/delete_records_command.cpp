#include <fmt/format.h>
#include <iostream>
#include <memory>

#include "broker/cli/commands.h"
#include "broker/cli/table.h"
#include "common/base/text.h"
#include "common/json/json.h"

namespace hailstorm::cli {
namespace {

struct DeleteRecordsArguments {
  std::string name;
  int64_t partition = 0;
  int64_t before_offset = log::kLatest;
};

Status delete_records(const Globals& globals, const DeleteRecordsArguments& arguments) {
  HAIL_ASSIGN_OR_RETURN(const Connection connection, connect(globals));
  HAIL_ASSIGN_OR_RETURN(const auto topic, find_topic(*connection.admin, arguments.name));
  const log::TopicPartition id{topic.name, static_cast<int32_t>(arguments.partition)};
  HAIL_ASSIGN_OR_RETURN(const int64_t start,
                        connection.admin->delete_records(id, arguments.before_offset));
  if (globals.json) {
    std::cout << json::to_text(
                     {{"name", id.topic}, {"partition", id.partition}, {"log_start_offset", start}})
              << '\n';
  } else {
    std::cout << fmt::format("{}-{} begins at offset {}\n", printable(id.topic), id.partition,
                             start);
  }
  return {};
}

}  // namespace

void add_delete_records_command(Options& topics, const Globals& globals) {
  const auto arguments = std::make_shared<DeleteRecordsArguments>();
  Options& options = topics.add_command(
      "delete-records", "Deletes the oldest records of a partition",
      [&globals, arguments] { return finish(globals, delete_records(globals, *arguments)); });
  options.add_positional("NAME", arguments->name, "the topic's name");
  options.add("partition", arguments->partition, {0, wire::kMaxTopicPartitions - 1},
              "which partition");
  options.add("before", arguments->before_offset, {log::kLatest, kAnyMost},
              "the offset at which it begins from now on; -1: none of its records is left");
}

}  // namespace hailstorm::cli
