#include "common/kafka/messages/all_messages.h"
#include "tests/kafka/twin/twin.h"

namespace hailstorm::twin {
namespace {

using kafka::CreateTopicsRequest;
using kafka::MetadataRequest;
using Creatable = CreateTopicsRequest::CreatableTopic;

std::string named(const std::string& name, int16_t version) {
  return name + "-" + std::to_string(version);
}

CreateTopicsRequest create_request(const std::vector<Creatable>& topics) {
  CreateTopicsRequest request;
  request.topics = topics;
  request.timeout_ms = 10'000;
  return request;
}

MetadataRequest metadata_of(const std::string& topic, bool makes = false) {
  MetadataRequest request;
  request.topics->push_back({{}, topic});
  request.allow_auto_topic_creation = makes;
  return request;
}

/// Kafka answers before all of its parts know of a topic.
void await_topic(Twin& twin, const std::string& topic) {
  twin.await(
      12, [&](const Side&, int16_t) { return metadata_of(topic); },
      [](const kafka::MetadataResponse& response) {
        return response.topics.size() == 1 && response.topics[0].error_code == 0 &&
               !response.topics[0].partitions.empty() &&
               response.topics[0].partitions[0].error_code == 0;
      });
}

void remember_id(Twin& twin, const std::string& topic,
                 const Twin::Pair<kafka::CreateTopicsResponse>& made) {
  if (made.ours.topics.empty() || made.theirs.topics.empty()) return;
  const Uuid ours = made.ours.topics[0].topic_id;
  if (ours.is_zero()) return;  // the version has none
  twin.remember("id of " + topic, ours, made.theirs.topics[0].topic_id);
}

/// Makes a topic for the cases that follow, and remembers its id.
void make_topic(Twin& twin, const std::string& topic, int32_t partitions) {
  twin.ask_in(
      "one", 7,
      [&](const Side&, int16_t) {
        return create_request({{topic, partitions, 1, {}, {}}});
      },
      [&](const auto& made) { remember_id(twin, topic, made); });
  await_topic(twin, topic);
}

void ask_to_create(Twin& twin) {
  for (const int16_t version : twin.versions_of(kafka::ApiKey::create_topics)) {
    const std::string topic = named("made", version);
    twin.ask_in(
        "one", version,
        [&](const Side&, int16_t) {
          return create_request({{topic, 3, 1, {}, {{"retention.ms", "60000"}}}});
        },
        [&](const auto& made) { remember_id(twin, topic, made); });
    await_topic(twin, topic);
    twin.ask_in("exists", version, [&](const Side&, int16_t) {
      return create_request({{topic, 3, 1, {}, {}}});
    });
    twin.ask_in("assigned", version, [&](const Side&, int16_t) {
      auto request = create_request({{"assigned", -1, -1, {{0, {1}}, {1, {1}}}, {}}});
      request.validate_only = true;
      return request;
    });
  }
  auto validate = create_request({{"validated", 2, 1, {}, {}}, {"another", -1, -1, {}, {}}});
  validate.validate_only = true;
  twin.ask("validate", [&](const Side&, int16_t version) {
    // Until version 4 there was no default.
    auto request = validate;
    if (version < 4) request.topics.pop_back();
    return request;
  });
  const std::vector<std::pair<std::string, std::vector<Creatable>>> wrong = {
      {"none", {}},
      {"no-partitions", {{"wrong", 0, 1, {}, {}}}},
      {"negative-partitions", {{"wrong", -2, 1, {}, {}}}},
      {"no-replicas", {{"wrong", 1, 0, {}, {}}}},
      {"three-replicas", {{"wrong", 1, 3, {}, {}}}},
      {"bad-name", {{"wrong name", 1, 1, {}, {}}}},
      {"empty-name", {{"", 1, 1, {}, {}}}},
      {"dots", {{"..", 1, 1, {}, {}}}},
      {"long-name", {{std::string(250, 'x'), 1, 1, {}, {}}}},
      {"bad-number", {{"wrong", 1, 1, {}, {{"retention.ms", "soon"}}}}},
      {"bad-range", {{"wrong", 1, 1, {}, {{"segment.bytes", "1"}}}}},
      {"unknown-setting", {{"wrong", 1, 1, {}, {{"no.such.setting", "1"}}}}},
      {"null-setting", {{"wrong", 1, 1, {}, {{"retention.ms", std::nullopt}}}}},
      {"bad-policy", {{"wrong", 1, 1, {}, {{"cleanup.policy", "never"}}}}},
      {"same-twice", {{"wrong", 1, 1, {}, {}}, {"wrong", 1, 1, {}, {}}}},
      {"unknown-broker", {{"wrong", -1, -1, {{0, {9}}}, {}}}},
      {"gap-in-assignment", {{"wrong", -1, -1, {{0, {1}}, {2, {1}}}, {}}}},
      {"assignment-and-count", {{"wrong", 2, 1, {{0, {1}}, {1, {1}}}, {}}}}};
  for (const auto& [name, topics] : wrong) twin.ask_same(name, create_request(topics));
}

void ask_for_metadata(Twin& twin) {
  twin.ask_same("one", metadata_of("rides"));
  twin.ask_same("bad-name", metadata_of("bad name"));
  twin.ask_same("empty-name", metadata_of(""));
  twin.ask_same("bad-name-to-make", metadata_of("bad name", true));
  twin.ask_same("no-topics", MetadataRequest{});
  MetadataRequest twice = metadata_of("rides");
  twice.topics->push_back({{}, "rides"});
  twin.ask_same("same-twice", twice);
  MetadataRequest authorized = metadata_of("rides");
  authorized.include_topic_authorized_operations = true;
  authorized.include_cluster_authorized_operations = true;
  twin.ask_same("authorized", authorized);
  for (const int16_t version : twin.versions_of(kafka::ApiKey::metadata)) {
    // Up to version 3 to ask is to make, which Kafka does some time after it has answered.
    if (version > 3)
      twin.ask_in("unknown", version, [](const Side&, int16_t) { return metadata_of("unknown"); });
    if (version < 10) continue;
    twin.ask_in(version < 12 ? "early-id" : "by-id", version, [](const Side& side, int16_t) {
      MetadataRequest request;
      request.topics->push_back({side.id("id of rides"), std::nullopt});
      return request;
    });
    twin.ask_in(version < 12 ? "early-id" : "unknown-id", version, [](const Side&, int16_t) {
      MetadataRequest request;
      request.topics->push_back({Uuid{{9}}, std::nullopt});
      return request;
    });
  }
  kafka::DescribeTopicPartitionsRequest describe;
  describe.topics = {{"rides"}, {"unknown"}};
  twin.ask_same("two", describe);
  describe.response_partition_limit = 1;
  twin.ask_same("limited", describe);
  describe.topics = {{"bad name"}};
  twin.ask_same("bad-name", describe);
}

void ask_for_partitions(Twin& twin) {
  const auto request = [](const std::string& topic, int32_t count, bool validates = false) {
    kafka::CreatePartitionsRequest one;
    one.topics.push_back({topic, count, std::nullopt});
    one.timeout_ms = 10'000;
    one.validate_only = validates;
    return one;
  };
  make_topic(twin, "grown", 1);
  twin.ask("more", [&](const Side&, int16_t version) { return request("grown", 2 + version); });
  twin.ask_same("fewer", request("grown", 1));
  twin.ask_same("same", request("grown", 5));
  twin.ask_same("negative", request("grown", -1));
  twin.ask_same("unknown", request("unknown", 5));
  twin.ask_same("bad-name", request("bad name", 5));
  twin.ask_same("validate", request("grown", 9, true));
  twin.ask_same("validate-fewer", request("grown", 1, true));
  auto twice = request("grown", 9, true);
  twice.topics.push_back({"grown", 10, std::nullopt});
  twin.ask_same("same-twice", twice);
  auto assigned = request("grown", 7, true);
  assigned.topics[0].assignments.emplace().push_back({{1}});
  twin.ask_same("too-few-assigned", assigned);
}

void ask_to_delete(Twin& twin) {
  for (const int16_t version : twin.versions_of(kafka::ApiKey::delete_topics)) {
    const std::string topic = named("deleted", version);
    make_topic(twin, topic, 1);
    twin.ask_in("one", version, [&](const Side& side, int16_t) {
      kafka::DeleteTopicsRequest request;
      request.topic_names = {topic, "unknown"};
      request.topics.push_back({std::nullopt, side.id("id of " + topic)});
      request.topics.push_back({"unknown", {}});
      request.topics.push_back({std::nullopt, Uuid{{9}}});
      request.timeout_ms = 10'000;
      return request;
    });
  }
  kafka::DeleteTopicsRequest twice;
  twice.topic_names = {"unknown", "unknown"};
  twice.topics = {{"unknown", {}}, {"unknown", {}}};
  twin.ask_same("same-twice", twice);
  kafka::DeleteTopicsRequest none;
  none.topics = {{std::nullopt, {}}};
  twin.ask_same("none", none);
}

}  // namespace

void ask_about_topics(Twin& twin) {
  ask_to_create(twin);
  make_topic(twin, "rides", 2);
  make_topic(twin, "zones", 1);
  make_topic(twin, "odd", 1);
  ask_for_metadata(twin);
  ask_for_partitions(twin);
  ask_to_delete(twin);
}

}  // namespace hailstorm::twin
