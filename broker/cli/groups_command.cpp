#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/cli/closed_partitions.h"
#include "broker/cli/commands.h"
#include "broker/cli/start_point.h"
#include "broker/cli/table.h"
#include "common/base/text.h"
#include "common/json/bytes_member.h"
#include "common/json/json.h"
#include "common/log/rewind/group_json.h"
#include "common/log/rewind/rewind.h"

namespace hailstorm::cli {
namespace {

struct GroupArguments {
  std::string group;
  std::vector<std::string> groups;
  std::string to;
  std::optional<std::string> topic;
  bool is_live = false;
  bool is_preview = false;
};

std::string offset_text(int64_t offset) { return offset < 0 ? "-" : std::to_string(offset); }

/// Notes the closed partitions of the topics that the group reads, and gives them.
std::vector<log::ClosedPartition> note(ClosedPartitions& closed, const log::GroupDescription& group,
                                       const std::vector<log::TopicInfo>& topics) {
  const auto of_group = log::closed_partitions(group, topics);
  closed.note(of_group);
  return of_group;
}

Result<int> list(const Globals& globals) {
  HAIL_ASSIGN_OR_RETURN(const Connection connection, connect(globals));
  HAIL_ASSIGN_OR_RETURN(const auto groups, connection.admin->list_groups());
  HAIL_ASSIGN_OR_RETURN(const auto topics, connection.admin->describe_topics({}));
  ClosedPartitions closed;
  Table table({"GROUP", "STATE", "MEMBERS", "LAG", "EPOCH"});
  json::Value out = json::Value::array();
  for (const log::GroupInfo& info : groups) {
    const auto described = connection.admin->describe_group(info.group);
    // It was deleted meanwhile.
    if (!described.ok() && described.error().is(log::LogErrc::refused)) continue;
    HAIL_ASSIGN_OR_RETURN(const auto group, described);
    table.add({group.info.group, group.info.state, std::to_string(group.info.member_count),
               std::to_string(lag_of(group)), std::to_string(group.info.epoch)});
    out.push_back(summary_json(group, note(closed, group, topics)));
  }
  std::cout << (globals.json ? json::to_sorted_text(out, json::Layout::indented) + "\n"
                             : table.render());
  return closed.exit_code();
}

Result<int> describe(const Globals& globals, const GroupArguments& arguments) {
  HAIL_ASSIGN_OR_RETURN(const Connection connection, connect(globals));
  HAIL_ASSIGN_OR_RETURN(const auto group, connection.admin->describe_group(arguments.group));
  HAIL_ASSIGN_OR_RETURN(const auto topics, connection.admin->describe_topics({}));
  ClosedPartitions closed;
  const auto of_group = note(closed, group, topics);
  if (globals.json) {
    std::cout << json::to_sorted_text(group_json(group, of_group), json::Layout::indented) << '\n';
    return closed.exit_code();
  }
  std::cout << fmt::format("{}: {}, {} members, epoch {}, lag {}\n", printable(group.info.group),
                           group.info.state, group.info.member_count, group.info.epoch,
                           lag_of(group));
  Table table({"TOPIC", "PARTITION", "COMMITTED", "END", "LAG", "OWNER"});
  for (const log::GroupPartitionInfo& partition : group.partitions) {
    table.add({partition.id.topic, std::to_string(partition.id.partition),
               offset_text(partition.committed_offset), std::to_string(partition.high_watermark),
               closed.why(partition.id).empty() ? std::to_string(partition.lag) : "closed",
               partition.owner.empty() ? "-" : partition.owner});
  }
  std::cout << table.render();
  return closed.exit_code();
}

std::string rides_text(int64_t rides) { return rides < 0 ? "-" : std::to_string(rides); }

std::string reset_text(const log::RewindReport& report) {
  Table table({"TOPIC", "PARTITION", "FROM", "TO", "RECORDS", "RIDES"});
  for (const log::RewoundPartition& one : report.partitions) {
    table.add({one.to.id.topic, std::to_string(one.to.id.partition), offset_text(one.from),
               std::to_string(one.to.offset), std::to_string(one.records), rides_text(one.rides)});
  }
  std::string text = table.render();
  const char* const verb = report.is_preview ? "would be" : "are";
  text += fmt::format("{} of {} {} delivered again; effects: 0, for readers with an inbox\n",
                      counted(report.records, "record"), rides_text(report.rides) + " rides", verb);
  if (report.skipped > 0)
    text += fmt::format("{} {} passed over\n", counted(report.skipped, "record"), verb);
  if (report.is_preview) text += "nothing was changed: this is a preview\n";
  return text;
}

Result<int> reset(const Globals& globals, const GroupArguments& arguments) {
  log::Rewind rewind{
      .group = arguments.group, .to = {}, .topic = arguments.topic, .is_live = arguments.is_live};
  HAIL_ASSIGN_OR_RETURN(rewind.to, parse_start_point(arguments.to));
  HAIL_ASSIGN_OR_RETURN(const Connection connection, connect(globals));
  if (arguments.topic) {
    const auto topic = find_topic(*connection.admin, *arguments.topic);
    if (!topic.ok()) return topic.error();
  }
  HAIL_ASSIGN_OR_RETURN(const auto report, arguments.is_preview
                                               ? preview_rewind(*connection.engine, rewind)
                                               : apply_rewind(*connection.engine, rewind));
  ClosedPartitions closed;
  closed.note(report.closed);
  std::cout << (globals.json ? json::to_sorted_text(to_json(report), json::Layout::indented) + "\n"
                             : reset_text(report));
  return closed.exit_code();
}

/// Deletes each of the groups that can be deleted. The exit code; each refusal is said.
Result<int> remove(const Globals& globals, const GroupArguments& arguments) {
  if (arguments.groups.empty())
    return Error(log::LogErrc::refused, "groups delete needs a GROUP, or several");
  HAIL_ASSIGN_OR_RETURN(const Connection connection, connect(globals));
  json::Value out = json::Value::array();
  int code = 0;
  for (const std::string& group : arguments.groups) {
    const Status removed = connection.admin->delete_group(group);
    if (!removed.ok()) code = fail(globals, removed.error());
    if (!globals.json && removed.ok()) std::cout << "deleted group " << printable(group) << '\n';
    json::Value one = {{"deleted", removed.ok()}};
    add_bytes(one, "group", group);
    if (!removed.ok()) one.add("error", removed.error().message());
    out.push_back(std::move(one));
  }
  if (globals.json) std::cout << json::to_sorted_text(out, json::Layout::indented) << '\n';
  return code;
}

}  // namespace

void add_groups_commands(Options& root, const Globals& globals) {
  Options& groups = root.add_command("groups", "Lists, shows, resets and deletes consumer groups");
  const auto arguments = std::make_shared<GroupArguments>();
  groups.add_command("list", "All groups with state, members and lag",
                     [&globals] { return finish(globals, list(globals)); });

  Options& describe_options = groups.add_command(
      "describe", "A group's offsets, lag and owners per partition",
      [&globals, arguments] { return finish(globals, describe(globals, *arguments)); });
  describe_options.add_positional("GROUP", arguments->group, "the group's name");

  Options& reset_options = groups.add_command(
      "reset", "Moves the offsets of a group that has no members, or of any with --live",
      [&globals, arguments] { return finish(globals, reset(globals, *arguments)); });
  reset_options.add_positional("GROUP", arguments->group, "the group's name");
  reset_options.add_required(
      "to", arguments->to, start_point_check(),
      "earliest, latest, an offset, a time like 2014-04-01T00:11:00Z, or how long "
      "ago, like -30s");
  reset_options.add("topic", arguments->topic, "only this topic");
  reset_options.add_flag("live", arguments->is_live,
                         "also while members live: they go on from there");
  reset_options.add_flag("preview", arguments->is_preview,
                         "say what would be delivered again, and change nothing");

  Options& delete_options = groups.add_command(
      "delete", "Deletes groups that have no members, and their offsets", [&globals, arguments] {
        const auto code = remove(globals, *arguments);
        return code.ok() ? *code : fail(globals, code.error());
      });
  delete_options.add_rest("GROUP", arguments->groups, "the groups' names");
}

}  // namespace hailstorm::cli
