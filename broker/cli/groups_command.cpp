#include <fmt/format.h>
#include <iostream>
#include <map>
#include <memory>
#include <set>

#include "broker/cli/closed_partitions.h"
#include "broker/cli/commands.h"
#include "broker/cli/start_point.h"
#include "broker/cli/table.h"
#include "broker/cli/value_text.h"
#include "common/json/json.h"

namespace hailstorm::cli {
namespace {

struct GroupArguments {
  std::string group;
  std::vector<std::string> groups;
  std::string to;
  std::optional<std::string> topic;
};

int64_t lag_of(const log::GroupDescription& group) {
  int64_t lag = 0;
  for (const log::GroupPartitionInfo& partition : group.partitions) lag += partition.lag;
  return lag;
}

std::string offset_text(int64_t offset) { return offset < 0 ? "-" : std::to_string(offset); }

std::set<std::string> topics_of(const log::GroupDescription& group) {
  std::set<std::string> names;
  for (const log::GroupPartitionInfo& partition : group.partitions)
    names.insert(partition.id.topic);
  return names;
}

/// Notes the closed partitions of the topics that the group reads.
void note(ClosedPartitions& closed, const log::GroupDescription& group,
          const std::vector<log::TopicInfo>& topics) {
  const auto names = topics_of(group);
  for (const log::TopicInfo& topic : topics) {
    if (names.contains(topic.name)) closed.note(topic);
  }
}

std::vector<log::ClosedPartition> closed_of(const ClosedPartitions& closed,
                                            const log::GroupDescription& group) {
  const auto topics = topics_of(group);
  auto all = closed.list();
  std::erase_if(all, [&](const auto& one) { return !topics.contains(one.id.topic); });
  return all;
}

json::Value summary_json(const log::GroupDescription& group, const ClosedPartitions& closed) {
  json::Value out = {{"state", group.info.state},
                     {"epoch", group.info.epoch},
                     {"members", group.info.member_count},
                     {"lag", lag_of(group)},
                     {"closed_partitions", closed_json(closed_of(closed, group))}};
  add_bytes(out, "group", group.info.group);
  return out;
}

json::Value to_json(const log::GroupDescription& group, const ClosedPartitions& closed) {
  json::Value out = summary_json(group, closed);
  json::Value& members = out.set("members", json::Value::array());
  for (const log::GroupMemberInfo& member : group.members) {
    json::Value assigned = json::Value::array();
    for (const auto& id : member.assigned) {
      json::Value one = {{"partition", id.partition}};
      add_bytes(one, "topic", id.topic);
      assigned.push_back(std::move(one));
    }
    json::Value one = {{"epoch", member.member_epoch}, {"assigned", std::move(assigned)}};
    add_bytes(one, "member_id", member.member_id);
    add_bytes(one, "instance_id", member.instance_id);
    members.push_back(std::move(one));
  }
  json::Value& partitions = out.add("partitions", json::Value::array());
  for (const log::GroupPartitionInfo& partition : group.partitions) {
    json::Value one = {{"partition", partition.id.partition},
                       {"committed_offset", partition.committed_offset},
                       {"log_start_offset", partition.log_start_offset},
                       {"high_watermark", partition.high_watermark},
                       {"lag", partition.lag},
                       {"error", closed.why(partition.id)}};
    add_bytes(one, "topic", partition.id.topic);
    add_bytes(one, "owner", partition.owner);
    partitions.push_back(std::move(one));
  }
  return out;
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
    note(closed, group, topics);
    table.add({group.info.group, group.info.state, std::to_string(group.info.member_count),
               std::to_string(lag_of(group)), std::to_string(group.info.epoch)});
    out.push_back(summary_json(group, closed));
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
  note(closed, group, topics);
  if (globals.json) {
    std::cout << json::to_sorted_text(to_json(group, closed), json::Layout::indented) << '\n';
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

/// The partitions that a reset touches: those of one topic, or all that the group knows.
Result<std::vector<log::TopicPartition>> affected(log::Admin& admin,
                                                  const GroupArguments& arguments,
                                                  const log::GroupDescription& group) {
  std::vector<log::TopicPartition> ids;
  if (arguments.topic) {
    HAIL_ASSIGN_OR_RETURN(const auto topic, find_topic(admin, *arguments.topic));
    for (const auto& partition : topic.partitions) ids.push_back({topic.name, partition.partition});
  } else {
    for (const auto& partition : group.partitions) ids.push_back(partition.id);
  }
  if (!ids.empty()) return ids;
  return Error(log::LogErrc::refused,
               fmt::format("group '{}' has committed nothing yet; say which topic with --topic",
                           arguments.group));
}

Result<int> reset(const Globals& globals, const GroupArguments& arguments) {
  HAIL_ASSIGN_OR_RETURN(const StartPoint point, parse_start_point(arguments.to));
  HAIL_ASSIGN_OR_RETURN(const Connection connection, connect(globals));
  HAIL_ASSIGN_OR_RETURN(const auto group, connection.admin->describe_group(arguments.group));
  if (group.info.member_count > 0) {
    return Error(
        log::LogErrc::refused,
        fmt::format("group '{}' is live ({} members): its next commit would undo the reset; stop "
                    "its members first",
                    arguments.group, group.info.member_count));
  }
  HAIL_ASSIGN_OR_RETURN(const auto ids, affected(*connection.admin, arguments, group));
  HAIL_ASSIGN_OR_RETURN(const auto found, resolve(*connection.admin, point, ids));
  const auto& positions = found.positions;
  ClosedPartitions closed;
  closed.note(found.closed);
  HAIL_RETURN_IF_ERROR(connection.admin->reset_offsets(arguments.group, positions));

  std::map<log::TopicPartition, int64_t> before;
  for (const auto& partition : group.partitions) before[partition.id] = partition.committed_offset;
  Table table({"TOPIC", "PARTITION", "FROM", "TO"});
  json::Value out = json::Value::array();
  for (const log::Position& position : positions) {
    const auto known = before.find(position.id);
    const int64_t from = known == before.end() ? -1 : known->second;
    table.add({position.id.topic, std::to_string(position.id.partition), offset_text(from),
               std::to_string(position.offset)});
    json::Value one = {
        {"partition", position.id.partition}, {"from", from}, {"to", position.offset}};
    add_bytes(one, "topic", position.id.topic);
    out.push_back(std::move(one));
  }
  std::cout << (globals.json ? json::to_sorted_text(out, json::Layout::indented) + "\n"
                             : table.render());
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
      "reset", "Moves the offsets of a group that has no members",
      [&globals, arguments] { return finish(globals, reset(globals, *arguments)); });
  reset_options.add_positional("GROUP", arguments->group, "the group's name");
  reset_options.add_required("to", arguments->to, start_point_check(),
                             "earliest, latest, an offset, or a time like 2014-04-01T00:11:00Z");
  reset_options.add("topic", arguments->topic, "only this topic");

  Options& delete_options = groups.add_command(
      "delete", "Deletes groups that have no members, and their offsets", [&globals, arguments] {
        const auto code = remove(globals, *arguments);
        return code.ok() ? *code : fail(globals, code.error());
      });
  delete_options.add_rest("GROUP", arguments->groups, "the groups' names");
}

}  // namespace hailstorm::cli
