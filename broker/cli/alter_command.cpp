#include <fmt/format.h>
#include <iostream>
#include <memory>

#include "broker/cli/commands.h"
#include "broker/cli/table.h"
#include "common/base/text.h"
#include "common/json/json.h"

namespace hailstorm::cli {
namespace {

struct AlterArguments {
  std::string name;
  std::vector<std::string> set;
  std::vector<std::string> reset;
};

Result<std::vector<log::NamedSetting>> wanted_settings(const AlterArguments& arguments) {
  std::vector<log::NamedSetting> wanted;
  for (const std::string& text : arguments.set) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error(log::LogErrc::refused, "--set takes NAME=VALUE, not '" + text + "'");
    wanted.push_back({text.substr(0, equals), text.substr(equals + 1), false});
  }
  for (const std::string& name : arguments.reset) wanted.push_back({name, "", true});
  return wanted;
}

Status alter(const Globals& globals, const AlterArguments& arguments) {
  HAIL_ASSIGN_OR_RETURN(const auto wanted, wanted_settings(arguments));
  HAIL_ASSIGN_OR_RETURN(const Connection connection, connect(globals));
  HAIL_ASSIGN_OR_RETURN(const auto topic, find_topic(*connection.admin, arguments.name));
  HAIL_ASSIGN_OR_RETURN(const auto settings, connection.admin->alter_topic(topic.name, wanted));
  if (globals.json) {
    json::Value out = json::Value::object();
    for (const auto& one : settings)
      out.add(one.name, {{"value", one.value}, {"is_default", one.is_default}});
    std::cout << json::to_sorted_text(out, json::Layout::indented) << '\n';
    return {};
  }
  Table table({"SETTING", "VALUE", "GIVEN"});
  for (const auto& one : settings) table.add({one.name, one.value, one.is_default ? "no" : "yes"});
  std::cout << table.render();
  return {};
}

}  // namespace

void add_alter_command(Options& topics, const Globals& globals) {
  const auto arguments = std::make_shared<AlterArguments>();
  Options& options = topics.add_command(
      "alter", "Changes a topic's settings, by Kafka's names for them, and shows all",
      [&globals, arguments] { return finish(globals, alter(globals, *arguments)); });
  options.add_positional("NAME", arguments->name, "the topic's name");
  options.add_each("set", arguments->set, "NAME=VALUE, such as retention.ms=60000");
  options.add_each("reset", arguments->reset, "NAME of a setting that gets its default again");
}

}  // namespace hailstorm::cli
