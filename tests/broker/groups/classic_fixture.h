#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "tests/broker/groups/group_world.h"

namespace hailstorm::groups {

using wire::ErrorCode;

/// The small language of the tests of the classic protocol: members by name. A member's client asks
/// for an id first, unless the test says otherwise. Thread safety: not safe.
class ClassicFixture : public ::testing::Test, public GroupWorld {
 protected:
  struct Client {
    std::string id;
    std::string instance;
    int32_t generation = -1;
    int32_t session_timeout_ms = 6'000;
    int32_t rebalance_timeout_ms = 10'000;
    std::vector<ClassicProtocol> protocols = {{"range", "r"}};
    bool asks_for_id = true;
    bool can_skip_assignment = true;
    Later<ClassicJoinReply> join;
    Later<ClassicSyncReply> sync;
  };

  ClassicFixture() {
    catalog_.counts["rides"] = 4;
    options_.initial_rebalance_delay_ms = 0;
    boot();
  }

  Client& client(const std::string& name) { return clients_[name]; }

  ClassicJoinRequest join_request(const std::string& name) {
    const Client& one = client(name);
    ClassicJoinRequest request;
    request.group = kGroup;
    request.member_id = one.id;
    request.instance_id = one.instance;
    request.client_id = name;
    request.client_host = "/127.0.0.1";
    request.session_timeout_ms = one.session_timeout_ms;
    request.rebalance_timeout_ms = one.rebalance_timeout_ms;
    request.protocol_type = "consumer";
    request.protocols = one.protocols;
    request.asks_for_id = one.asks_for_id;
    request.can_skip_assignment = one.can_skip_assignment;
    return request;
  }
  Later<ClassicJoinReply> send_join(const std::string& name) {
    return ask<ClassicJoinReply>(
        [&](auto answer) { coordinator_->classic(join_request(name), std::move(answer)); });
  }
  /// Sends the join, with an id if one is wanted; join_of() has the answer, once it is there.
  void joins(const std::string& name) {
    Client& one = client(name);
    one.join = send_join(name);
    if (!one.join->has_value() || (*one.join)->outcome.code != ErrorCode::member_id_required)
      return;
    one.id = (*one.join)->member_id;
    one.join = send_join(name);
  }
  /// REQUIRES: the join was answered.
  const ClassicJoinReply& join_of(const std::string& name) {
    Client& one = client(name);
    HAIL_CHECK(one.join != nullptr && one.join->has_value());
    if ((*one.join)->outcome.code == ErrorCode::none) {
      one.id = (*one.join)->member_id;
      one.generation = (*one.join)->generation;
    }
    return **one.join;
  }
  bool waits_to_join(const std::string& name) { return !client(name).join->has_value(); }

  ClassicSyncRequest sync_request(const std::string& name) {
    const Client& one = client(name);
    ClassicSyncRequest request;
    request.group = kGroup;
    request.generation = one.generation;
    request.member_id = one.id;
    request.instance_id = one.instance;
    if (one.join == nullptr || !one.join->has_value()) return request;
    for (const auto& member : (*one.join)->members)
      request.assignments.push_back({member.id, "for " + member.id});
    return request;
  }
  /// The leader gives each member "for ID".
  void syncs(const std::string& name) {
    client(name).sync = ask<ClassicSyncReply>(
        [&](auto answer) { coordinator_->classic(sync_request(name), std::move(answer)); });
  }
  bool waits_for_assignment(const std::string& name) { return !client(name).sync->has_value(); }
  /// REQUIRES: the sync was answered.
  const ClassicSyncReply& sync_of(const std::string& name) { return **client(name).sync; }

  ErrorCode beats(const std::string& name) {
    const Client& one = client(name);
    return (*ask<ClassicHeartbeatReply>([&](auto answer) {
             coordinator_->classic(
                 ClassicHeartbeatRequest{kGroup, one.generation, one.id, one.instance},
                 std::move(answer));
           }))
        ->outcome.code;
  }
  ErrorCode leaves(const std::string& name) {
    const Client& one = client(name);
    return (*ask<ClassicLeaveReply>([&](auto answer) {
             coordinator_->classic(ClassicLeaveRequest{kGroup, {{one.id, one.instance}}},
                                   std::move(answer));
           }))
        ->members.at(0)
        .code;
  }
  ClassicCommitRequest commit_request(const std::string& name, int32_t partition, int64_t offset) {
    const Client& one = client(name);
    return {kGroup, one.generation, one.id, one.instance, {{{"rides", partition}, offset, -1, {}}}};
  }
  Later<ClassicCommitReply> commits(const ClassicCommitRequest& request) {
    return ask<ClassicCommitReply>(
        [&](auto answer) { coordinator_->classic(request, std::move(answer)); });
  }
  /// As the client sees it, of its one partition.
  ErrorCode commits(const std::string& name, int32_t partition, int64_t offset) {
    const auto reply = **commits(commit_request(name, partition, offset));
    return reply.outcome.code != ErrorCode::none ? reply.outcome.code : reply.partitions.at(0).code;
  }
  int64_t committed(int32_t partition) {
    return (**fetch({{"rides", partition}})).offsets.at(0).offset;
  }

  /// These members join, and their leader assigns.
  void share(const std::vector<std::string>& names) {
    for (const auto& name : names) joins(name);
    for (const auto& name : names) static_cast<void>(join_of(name));
    for (const auto& name : names) syncs(name);
    for (const auto& name : names) EXPECT_EQ(sync_of(name).outcome.code, ErrorCode::none) << name;
  }
  std::string state() { return describe().summary.state; }
  std::string leader() { return join_of(clients_.begin()->first).leader; }

  std::map<std::string, Client> clients_;
};

}  // namespace hailstorm::groups
