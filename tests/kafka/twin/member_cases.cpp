#include "common/kafka/messages/all_messages.h"
#include "common/kafka/primitives.h"
#include "tests/kafka/twin/twin.h"

namespace hailstorm::twin {
namespace {

using kafka::JoinGroupRequest;
using kafka::SyncGroupRequest;

/// To "rides", in version 0 of the consumers' own format: with any other bytes Kafka's group waits
/// for ever.
std::string subscription() {
  return kafka::Writer()
      .integer(int16_t{0})
      .integer(int32_t{1})
      .string("rides")
      .integer(int32_t{-1})
      .take();
}

JoinGroupRequest join_request(const std::string& group, const std::string& member = "") {
  JoinGroupRequest request;
  request.group_id = group;
  request.session_timeout_ms = request.rebalance_timeout_ms = 10'000;
  request.member_id = member;
  request.protocol_type = "consumer";
  request.protocols.push_back({"range", {subscription()}});
  return request;
}

SyncGroupRequest sync_request(const std::string& group, int32_t generation,
                              const std::string& member) {
  SyncGroupRequest request;
  request.group_id = group;
  request.generation_id = generation;
  request.member_id = member;
  request.protocol_type = "consumer";
  request.protocol_name = "range";
  request.assignments.push_back({member, {"its share"}});
  return request;
}

kafka::HeartbeatRequest beat_request(const std::string& group, int32_t generation,
                                     const std::string& member) {
  kafka::HeartbeatRequest request;
  request.group_id = group;
  request.generation_id = generation;
  request.member_id = member;
  return request;
}

kafka::LeaveGroupRequest leave_request(const std::string& group, const std::string& member) {
  kafka::LeaveGroupRequest request;
  request.group_id = group;
  request.member_id = member;
  request.members.push_back({member, std::nullopt, "the test ends"});
  return request;
}

void remember_member(Twin& twin, const std::string& name,
                     const Twin::Pair<kafka::JoinGroupResponse>& joined) {
  twin.remember(name, joined.ours.member_id, joined.theirs.member_id);
}

/// One member of a group of its own for each version of JoinGroup, and of the other requests that
/// version or their last one.
class Member {
 public:
  Member(Twin& twin, int16_t version)
      : twin_(twin),
        version_(version),
        group_("group-" + std::to_string(version)),
        name_("member " + std::to_string(version)) {}

  /// From version 4 on it has to ask again with its id.
  void join() {
    for (int times = 0; times < 2; ++times) {
      const auto joined = twin_.ask_in(
          "join", version_,
          [&](const Side& side, int16_t) { return join_request(group_, side.value(name_)); },
          [&](const auto& pair) { remember_member(twin_, name_, pair); });
      if (joined.ours.error_code == 0) break;
    }
  }
  void sync(const std::string& name, int32_t generation) {
    twin_.ask_in(name, at_most(kafka::ApiKey::sync_group), [&](const Side& side, int16_t) {
      return sync_request(group_, generation, side.value(name_));
    });
  }
  void beat(const std::string& name, int32_t generation) {
    twin_.ask_in(name, at_most(kafka::ApiKey::heartbeat), [&](const Side& side, int16_t) {
      return beat_request(group_, generation, side.value(name_));
    });
  }
  void describe() {
    twin_.ask_in("describe", at_most(kafka::ApiKey::describe_groups), [&](const Side&, int16_t) {
      kafka::DescribeGroupsRequest request;
      request.groups = {group_};
      return request;
    });
  }
  void commit() {
    const auto version = std::max<int16_t>(2, at_most(kafka::ApiKey::offset_commit));
    twin_.ask_in("commit", version, [&](const Side& side, int16_t) {
      kafka::OffsetCommitRequest request;
      request.group_id = group_;
      request.generation_id_or_member_epoch = 1;
      request.member_id = side.value(name_);
      request.topics.push_back({"rides", side.id("id of rides"), {{0, 1, 0, "mine"}}});
      return request;
    });
  }
  /// Another one wants to join, and fits in nowhere.
  void let_others_join() {
    auto other_protocol = join_request(group_);
    other_protocol.protocols[0].name = "another";
    twin_.ask_in("other-protocol", version_, [&](const Side&, int16_t) { return other_protocol; });
    auto other_type = join_request(group_);
    other_type.protocol_type = "connect";
    twin_.ask_in("other-type", version_, [&](const Side&, int16_t) { return other_type; });
  }
  void leave(const std::string& name) {
    twin_.ask_in(name, at_most(kafka::ApiKey::leave_group), [&](const Side& side, int16_t) {
      return leave_request(group_, side.value(name_));
    });
  }

 private:
  [[nodiscard]] int16_t at_most(kafka::ApiKey key) const {
    return std::min(version_, kafka::api_of(key).last_version);
  }

  Twin& twin_;
  const int16_t version_;
  const std::string group_;
  const std::string name_;
};

void ask_as_member(Twin& twin, int16_t version) {
  Member member(twin, version);
  member.join();
  member.beat("before-sync", 1);
  member.sync("older-generation", 0);
  member.sync("sync", 1);
  member.sync("again", 1);
  member.beat("beat", 1);
  member.beat("newer-generation", 2);
  member.describe();
  member.commit();
  member.let_others_join();
  member.leave("leave");
  member.leave("leave-again");
  member.beat("after-leave", 1);
}

void ask_as_static_member(Twin& twin) {
  const auto join = [](const Side&, int16_t) {
    auto request = join_request("static");
    request.group_instance_id = "instance";
    return request;
  };
  for (const int16_t version : std::vector<int16_t>{5, 9}) {
    const auto first = twin.ask_in(
        "static", version, join, [&](const auto& pair) { remember_member(twin, "static", pair); });
    twin.ask_in("static-sync", 5, [&](const Side& side, int16_t) {
      auto request = sync_request("static", first.ours.generation_id, side.value("static"));
      request.group_instance_id = "instance";
      return request;
    });
    const auto again = twin.ask_in("static-again", version, join, [&](const auto& pair) {
      remember_member(twin, "static later", pair);
    });
    twin.ask_in("static-fenced", 4, [&](const Side& side, int16_t) {
      auto request = beat_request("static", again.ours.generation_id, side.value("static"));
      request.group_instance_id = "instance";
      return request;
    });
    twin.ask_in("static-leave", 5, [](const Side&, int16_t) {
      kafka::LeaveGroupRequest request;
      request.group_id = "static";
      request.members.push_back({"", "instance", std::nullopt});
      request.members.push_back({"", "nobody", std::nullopt});
      return request;
    });
  }
}

}  // namespace

void ask_about_members(Twin& twin) {
  for (const int16_t version : twin.versions_of(kafka::ApiKey::join_group))
    ask_as_member(twin, version);
  ask_as_static_member(twin);
  twin.ask_same("no-group", join_request(""));
  twin.ask_same("unknown-member", join_request("nobody", "nobody"));
  auto impatient = join_request("impatient");
  impatient.session_timeout_ms = 10;
  twin.ask_same("short-session", impatient);
  impatient.session_timeout_ms = 10'000'000;
  twin.ask_same("long-session", impatient);
  auto without = join_request("without");
  without.protocols.clear();
  twin.ask_same("no-protocol", without);
  without = join_request("without");
  without.protocol_type.clear();
  twin.ask_same("no-type", without);
  twin.ask_same("unknown-group", sync_request("unknown", 1, "nobody"));
  twin.ask_same("no-group", sync_request("", 1, "nobody"));
  twin.ask_same("unknown-group", beat_request("unknown", 1, "nobody"));
  twin.ask_same("no-group", beat_request("", 1, "nobody"));
  twin.ask_same("unknown-group", leave_request("unknown", "nobody"));
  twin.ask_same("no-group", leave_request("", "nobody"));
}

}  // namespace hailstorm::twin
