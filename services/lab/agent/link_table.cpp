#include "services/lab/agent/link_table.h"

#include <fmt/format.h>
#include <utility>

#include "common/base/address.h"

namespace hailstorm::lab {
namespace {

Error no_link(const std::string& text) {
  return {AgentErrc::cannot_start, fmt::format("the link {} is not NAME=HOST:PORT", text)};
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

}  // namespace

Result<LinkServers> parse_links(const std::vector<std::string>& texts) {
  LinkServers servers;
  for (const auto& text : texts) {
    const size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) return no_link(text);
    servers[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return servers;
}

Status LinkTable::connect(const std::string& caller, const LinkServers& servers,
                          std::vector<std::string>& argv) {
  for (const auto& [name, text] : servers) {
    const auto server = parse_address("tcp://" + text, "tcp");
    if (!server.ok()) return no_link(fmt::format("{}={}", name, text));
    HAIL_ASSIGN_OR_RETURN(const int port, relay_.hold(fmt::format("{}:{}", caller, name), *server));
    for (auto& argument : argv) {
      replace_all(argument, fmt::format("{{{}}}", name), fmt::format("127.0.0.1:{}", port));
    }
  }
  return {};
}

json::Value LinkTable::to_json() const {
  json::Value all = json::Value::array();
  for (const auto& link : relay_.links()) {
    json::Value faults = json::Value::array();
    for (const auto action : link.faults) faults.push_back(name_of(action));
    all.push_back({{"name", link.name},
                   {"server", link.server},
                   {"port", link.port},
                   {"connections", link.connections},
                   {"faults", std::move(faults)}});
  }
  return all;
}

}  // namespace hailstorm::lab
