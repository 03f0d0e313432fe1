#include "common/kafka/messages/all_messages.h"
#include "tests/kafka/twin/twin.h"

namespace hailstorm::twin {
namespace {

constexpr int8_t kTopic = 2;
constexpr int8_t kBroker = 4;

void ask_for_settings(Twin& twin) {
  const auto describe = [&](const std::string& name, int8_t type, const std::string& resource,
                            std::optional<std::vector<std::string>> keys) {
    kafka::DescribeConfigsRequest request;
    request.resources.push_back({type, resource, std::move(keys)});
    twin.ask_same(name, request);
  };
  describe("topic", kTopic, "rides", std::nullopt);
  describe("changed-topic", kTopic, "made-7", std::nullopt);
  describe("one-key", kTopic, "rides", std::vector<std::string>{"cleanup.policy"});
  describe("unknown-key", kTopic, "rides", std::vector<std::string>{"no.such.setting"});
  describe("no-keys", kTopic, "rides", std::vector<std::string>{});
  describe("unknown-topic", kTopic, "unknown", std::nullopt);
  describe("bad-topic", kTopic, "bad name", std::nullopt);
  describe("broker", kBroker, "1", std::nullopt);
  describe("other-broker", kBroker, "9", std::nullopt);
  describe("no-number", kBroker, "one", std::nullopt);
  describe("no-such-kind", 77, "rides", std::nullopt);
  kafka::DescribeConfigsRequest detailed;
  detailed.resources.push_back({kTopic, "rides", {{"retention.ms", "max.message.bytes"}}});
  detailed.include_synonyms = true;
  twin.ask_same("synonyms", detailed);
  detailed.include_synonyms = false;
  detailed.include_documentation = true;
  twin.ask_same("documentation", detailed);
}

void ask_to_change_settings(Twin& twin) {
  const auto change = [&](const std::string& name, const std::string& topic,
                          const std::string& setting, int8_t operation,
                          std::optional<std::string> value) {
    kafka::IncrementalAlterConfigsRequest request;
    request.resources.push_back({kTopic, topic, {{setting, operation, std::move(value)}}});
    twin.ask_same(name, request);
  };
  constexpr int8_t kSet = 0;
  constexpr int8_t kDelete = 1;
  constexpr int8_t kAppend = 2;
  change("set", "made-7", "retention.ms", kSet, "70000");
  change("delete", "made-7", "retention.ms", kDelete, std::nullopt);
  change("delete-default", "made-7", "retention.bytes", kDelete, std::nullopt);
  change("append-to-number", "made-7", "retention.ms", kAppend, "1");
  change("bad-number", "made-7", "retention.ms", kSet, "soon");
  change("null", "made-7", "retention.ms", kSet, std::nullopt);
  change("unknown-setting", "made-7", "no.such.setting", kSet, "1");
  change("no-such-operation", "made-7", "retention.ms", 9, "1");
  change("unknown-topic", "unknown", "retention.ms", kSet, "1");
  kafka::IncrementalAlterConfigsRequest twice;
  twice.resources.push_back(
      {kTopic, "made-7", {{"retention.ms", kSet, "1"}, {"retention.ms", kSet, "2"}}});
  twin.ask_same("same-twice", twice);
  kafka::AlterConfigsRequest all;
  all.resources.push_back({kTopic, "made-7", {{"retention.ms", "80000"}}});
  twin.ask_same("all", all);
  all.resources[0].resource_name = "unknown";
  twin.ask_same("unknown-topic", all);
  kafka::DescribeConfigsRequest describe;
  describe.resources.push_back({kTopic, "made-7", {{"retention.ms", "retention.bytes"}}});
  twin.ask_same("after-changes", describe);
}

void ask_for_coordinators(Twin& twin) {
  kafka::FindCoordinatorRequest find;
  find.key = "group";
  find.coordinator_keys = {"group", "another"};
  twin.ask_same("group", find);
  find.key = "";
  find.coordinator_keys = {""};
  twin.ask_same("no-group", find);
  find.coordinator_keys.clear();
  twin.ask_same("none", find);
  for (const int16_t version : twin.versions_of(kafka::ApiKey::find_coordinator)) {
    if (version < 1) continue;
    find.key = "mine";
    find.coordinator_keys = {"mine"};
    find.key_type = 1;
    twin.ask_in("transaction", version, [&](const Side&, int16_t) { return find; });
    find.key_type = 9;
    twin.ask_in("no-such-kind", version, [&](const Side&, int16_t) { return find; });
  }
}

}  // namespace

void ask_about_cluster(Twin& twin) {
  ask_for_settings(twin);
  ask_to_change_settings(twin);
  ask_for_coordinators(twin);
  kafka::ApiVersionsRequest versions;
  versions.client_software_name = "twin";
  versions.client_software_version = "1";
  twin.ask_same("good", versions);
  versions.client_software_name = "not a name!";
  twin.ask_same("bad-name", versions);
  twin.ask_same("brokers", kafka::DescribeClusterRequest{});
  kafka::DescribeClusterRequest authorized;
  authorized.include_cluster_authorized_operations = true;
  twin.ask_same("authorized", authorized);
  kafka::DescribeClusterRequest controllers;
  controllers.endpoint_type = 2;
  twin.ask("controllers", [&](const Side&, int16_t version) {
    return version == 0 ? kafka::DescribeClusterRequest{} : controllers;
  });
  kafka::DescribeAclsRequest rules;
  rules.resource_type_filter = rules.operation = rules.permission_type = 1;
  rules.resource_name_filter.reset();
  rules.principal_filter.reset();
  rules.host_filter.reset();
  twin.ask_same("any", rules);
  kafka::ListPartitionReassignmentsRequest moves;
  moves.timeout_ms = 10'000;
  twin.ask_same("some", moves);
  twin.ask_same("any", kafka::DescribeClientQuotasRequest{});
  kafka::DescribeUserScramCredentialsRequest users;
  twin.ask_same("all", users);
  users.users = {{{"nobody"}}};
  twin.ask_same("unknown", users);
  kafka::DescribeLogDirsRequest folders;
  folders.topics.reset();
  twin.ask_same("all", folders);
  folders.topics = {{{"rides", {0}}, {"unknown", {0}}}};
  twin.ask_same("some", folders);
  twin.ask_same("all", kafka::ListConfigResourcesRequest{});
}

}  // namespace hailstorm::twin
