#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "tests/broker/groups/group_world.h"

namespace hailstorm::groups {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::ErrorCode;

/// Members of KIP-848's protocol as Kafka's clients are: they name topics by id and leave out what
/// is as before. Thread safety: not safe.
class ConsumerFixture : public ::testing::Test, public GroupWorld {
 protected:
  using Heartbeat = ConsumerHeartbeatRequest;

  ConsumerFixture() { topic("rides", 4, 1); }

  void topic(const std::string& name, int32_t partitions, uint8_t id) {
    catalog_.counts[name] = partitions;
    catalog_.ids[name] = Uuid{{id}};
    coordinator_->topics_changed();
  }

  /// All that a client says when it joins.
  static Heartbeat joining(const std::string& member) {
    Heartbeat request;
    request.group = kGroup;
    request.member_id = member;
    request.rebalance_timeout_ms = 30'000;
    request.topics = std::vector<std::string>{"rides"};
    request.owned.emplace();
    request.client_id = "client of " + member;
    request.client_host = "/127.0.0.1";
    return request;
  }
  /// All that it says as long as nothing is new.
  Heartbeat staying(const std::string& member) {
    Heartbeat request;
    request.group = kGroup;
    request.member_id = member;
    request.member_epoch = epochs_[member];
    request.client_id = "client of " + member;
    request.client_host = "/127.0.0.1";
    return request;
  }
  /// It owns these partitions of "rides".
  Heartbeat owning(const std::string& member, const std::vector<int32_t>& partitions) {
    Heartbeat request = staying(member);
    request.owned.emplace();
    for (const int32_t partition : partitions) request.owned->push_back({Uuid{{1}}, partition});
    return request;
  }
  /// The member takes the epoch of the reply. REQUIRES: the journal is not held.
  ConsumerHeartbeatReply send(const Heartbeat& request) {
    auto reply = **ask<ConsumerHeartbeatReply>(
        [&](auto answer) { coordinator_->consumer(request, std::move(answer)); });
    if (reply.outcome.code == ErrorCode::none) epochs_[reply.member_id] = reply.member_epoch;
    return reply;
  }
  ErrorCode code_of(const Heartbeat& request) { return send(request).outcome.code; }
  /// The partitions that the reply gives; {-1}: it says that they are as before.
  static std::vector<int32_t> given(const ConsumerHeartbeatReply& reply) {
    if (!reply.assignment) return {-1};
    std::vector<int32_t> numbers;
    for (const auto& id : *reply.assignment) numbers.push_back(id.partition);
    return numbers;
  }
  ConsumerDescribeReply described() {
    return **ask<ConsumerDescribeReply>([&](auto answer) {
      coordinator_->consumer(ConsumerDescribeRequest{kGroup}, std::move(answer));
    });
  }

  std::map<std::string, int32_t> epochs_;  // by member
};

}  // namespace hailstorm::groups
