#include "common/kafka/messages/all_messages.h"
#include "tests/kafka/twin/twin.h"

namespace hailstorm::twin {
namespace {

kafka::OffsetCommitRequest commit_request(const Side& side, const std::string& group,
                                          const std::string& topic, int32_t partition) {
  kafka::OffsetCommitRequest request;
  request.group_id = group;
  request.topics.push_back({topic, side.id("id of " + topic), {{partition, 3, -1, "mine"}}});
  return request;
}

void ask_to_commit(Twin& twin) {
  const auto commit = [&](const std::string& name, const std::string& group,
                          const std::string& topic, int32_t partition) {
    twin.ask(name, [&](const Side& side, int16_t) {
      return commit_request(side, group, topic, partition);
    });
  };
  commit("alone", "alone", "rides", 0);
  commit("unknown-topic", "alone", "unknown", 0);
  commit("unknown-partition", "alone", "rides", 7);
  commit("no-group", "", "rides", 0);
  twin.ask("long-metadata", [](const Side& side, int16_t) {
    auto request = commit_request(side, "alone", "rides", 1);
    request.topics[0].partitions[0].committed_metadata = std::string(5'000, 'x');
    return request;
  });
  twin.ask("null-metadata", [](const Side& side, int16_t) {
    auto request = commit_request(side, "alone", "rides", 1);
    request.topics[0].partitions[0].committed_metadata.reset();
    return request;
  });
  twin.ask("unknown-member", [](const Side& side, int16_t) {
    auto request = commit_request(side, "alone", "rides", 0);
    request.member_id = "nobody";
    request.generation_id_or_member_epoch = 3;
    return request;
  });
  twin.ask("negative-offset", [](const Side& side, int16_t) {
    auto request = commit_request(side, "negative", "zones", 0);
    request.topics[0].partitions[0].committed_offset = -5;
    return request;
  });
  twin.ask("nothing", [](const Side&, int16_t) {
    kafka::OffsetCommitRequest request;
    request.group_id = "alone";
    return request;
  });
}

/// The same for one group and for several.
kafka::OffsetFetchRequest offsets_request(const Side& side, const std::string& group,
                                          const std::optional<std::string>& topic) {
  kafka::OffsetFetchRequest request;
  request.group_id = group;
  request.groups.push_back({group, std::nullopt, -1, std::nullopt});
  request.topics.reset();
  if (!topic) return request;
  request.topics.emplace().push_back({*topic, {0, 1, 7}});
  request.groups[0].topics.emplace().push_back({*topic, side.id("id of " + *topic), {0, 1, 7}});
  return request;
}

void ask_for_commits(Twin& twin) {
  const auto fetch = [&](const std::string& name, const std::string& group,
                         const std::optional<std::string>& topic) {
    for (const int16_t version : twin.versions_of(kafka::ApiKey::offset_fetch)) {
      if (version < 2 && !topic) continue;  // there was no null
      twin.ask_in(name, version,
                  [&](const Side& side, int16_t) { return offsets_request(side, group, topic); });
    }
  };
  fetch("some", "alone", "rides");
  fetch("all", "alone", std::nullopt);
  fetch("unknown-topic", "alone", "unknown");
  fetch("unknown-group", "unknown", "rides");
  fetch("all-of-unknown-group", "unknown", std::nullopt);
  fetch("no-group", "", "rides");
  twin.ask("stable", [](const Side& side, int16_t) {
    auto request = offsets_request(side, "alone", "rides");
    request.require_stable = true;
    return request;
  });
}

void ask_to_manage(Twin& twin) {
  kafka::DescribeGroupsRequest describe;
  describe.groups = {"alone", "unknown", ""};
  twin.ask_same("several", describe);
  describe.include_authorized_operations = true;
  describe.groups = {"alone"};
  twin.ask_same("authorized", describe);

  kafka::ListGroupsRequest list;
  list.states_filter = {"Stable"};
  twin.ask("stable", [&](const Side&, int16_t version) {
    return version < 4 ? kafka::ListGroupsRequest{} : list;
  });
  twin.ask_same("all", kafka::ListGroupsRequest{});
  for (const int16_t version : twin.versions_of(kafka::ApiKey::list_groups)) {
    if (version < 5) continue;
    list.states_filter = {"empty"};
    list.types_filter = {"Classic"};
    twin.ask_in("empty-classic", version, [&](const Side&, int16_t) { return list; });
    list.types_filter = {"consumer"};
    twin.ask_in("consumer", version, [&](const Side&, int16_t) { return list; });
  }

  kafka::OffsetDeleteRequest forget;
  forget.group_id = "alone";
  forget.topics.push_back({"rides", {{1}, {7}}});
  forget.topics.push_back({"unknown", {{0}}});
  twin.ask_same("some", forget);
  forget.group_id = "unknown";
  twin.ask_same("unknown-group", forget);
  forget.group_id = "";
  twin.ask_same("no-group", forget);

  for (const int16_t version : twin.versions_of(kafka::ApiKey::delete_groups)) {
    const std::string group = "removed-" + std::to_string(version);
    twin.ask_in("to-remove", 8,
                [&](const Side& side, int16_t) { return commit_request(side, group, "rides", 0); });
    twin.ask_in("some", version, [&](const Side&, int16_t) {
      kafka::DeleteGroupsRequest request;
      request.groups_names = {group, "unknown", ""};
      return request;
    });
  }
}

void ask_about_consumer_groups(Twin& twin) {
  kafka::ConsumerGroupDescribeRequest describe;
  describe.group_ids = {"alone", "unknown", ""};
  twin.ask_same("several", describe);
  kafka::ConsumerGroupHeartbeatRequest beat;
  beat.group_id = "";
  beat.member_id = "member";
  twin.ask_same("no-group", beat);
  beat.group_id = "new";
  beat.member_epoch = 5;
  twin.ask_same("unknown-member", beat);
  beat.member_epoch = -7;
  twin.ask_same("bad-epoch", beat);
  beat.member_epoch = 0;
  twin.ask_same("without-topics", beat);
  beat.rebalance_timeout_ms = 10'000;
  beat.topic_partitions.emplace();
  beat.subscribed_topic_names = {"zones"};
  beat.server_assignor = "no such one";
  twin.ask_same("bad-assignor", beat);
  beat.server_assignor.reset();
  for (const int16_t version : twin.versions_of(kafka::ApiKey::consumer_group_heartbeat)) {
    const std::string group = "new-" + std::to_string(version);
    beat.group_id = group;
    twin.ask_in("join", version, [&](const Side&, int16_t) { return beat; });
    auto keep = beat;
    keep.member_epoch = 1;
    keep.rebalance_timeout_ms = -1;
    keep.topic_partitions.reset();
    keep.subscribed_topic_names.reset();
    twin.ask_in("beat", version, [&](const Side&, int16_t) { return keep; });
    keep.member_epoch = 9;
    twin.ask_in("newer-epoch", version, [&](const Side&, int16_t) { return keep; });
    describe.group_ids = {group};
    twin.ask_in("one", version, [&](const Side&, int16_t) { return describe; });
    kafka::DescribeGroupsRequest classic;
    classic.groups = {group};
    twin.ask("consumer-group", [&](const Side&, int16_t) { return classic; });
    keep.member_epoch = -1;
    twin.ask_in("leave", version, [&](const Side&, int16_t) { return keep; });
  }
}

}  // namespace

void ask_about_groups(Twin& twin) {
  ask_to_commit(twin);
  ask_for_commits(twin);
  ask_to_manage(twin);
  ask_about_consumer_groups(twin);
}

}  // namespace hailstorm::twin
