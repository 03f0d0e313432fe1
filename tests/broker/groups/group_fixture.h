#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/broker/groups/group_world.h"
#include "tests/support/matchers.h"

namespace hailstorm::groups {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::ErrorCode;

/// The small language of these tests: consumers by name, partitions of the topic "rides" by
/// number. Thread safety: not safe.
class GroupFixture : public ::testing::Test, public GroupWorld {
 protected:
  void topic(const std::string& name, int32_t partitions) {
    catalog_.counts[name] = partitions;
    coordinator_->topics_changed();
  }
  void drop(const std::string& name) {
    catalog_.counts.erase(name);
    coordinator_->topics_changed();
  }

  Consumer& consumer(const std::string& name) {
    Consumer& one = consumers_[name];
    if (one.id.empty()) one.id = name;
    return one;
  }
  /// A static member: a process that comes back under another member id but the same instance id.
  Consumer& instance(const std::string& name, const std::string& instance_id) {
    consumer(name).instance = instance_id;
    return consumer(name);
  }

  /// One heartbeat; the consumer takes over the reply, or starts again when it is fenced.
  ErrorCode beats(const std::string& name) {
    Consumer& one = consumer(name);
    const auto answer = heartbeat(one.request(kGroup));
    if (!answer->has_value()) return ErrorCode::unknown_outcome;
    const auto& reply = **answer;
    if (reply.outcome.code == ErrorCode::none) {
      one.take(reply);
    } else {
      EXPECT_FALSE(reply.outcome.message.empty());
    }
    return reply.outcome.code;
  }
  ErrorCode joins(const std::string& name) {
    consumer(name).epoch = wire::kJoinEpoch;
    consumer(name).owned.clear();
    return beats(name);
  }
  /// `name` owns everything, knows that `other` is to get a part, has three seconds to release that
  /// part, and does not.
  void holds_on(const std::string& name, const std::string& other) {
    consumer(name).rebalance_timeout_ms = 3'000;
    joins(name);
    consumer(name).releases = false;
    joins(other);
    beats(name);
  }
  /// The coordinator gets it; the reply is lost.
  void beats_in_vain(const std::string& name) { (void)heartbeat(consumer(name).request(kGroup)); }
  ErrorCode leaves(const std::string& name, int32_t epoch = wire::kLeaveEpoch) {
    Consumer gone = consumer(name);
    consumers_.erase(name);
    gone.epoch = epoch;
    return (*heartbeat(gone.request(kGroup)))->outcome.code;
  }
  ErrorCode leaves_for_a_moment(const std::string& name) {
    return leaves(name, wire::kLeaveStaticEpoch);
  }
  /// It never comes back, and sends nothing.
  void crashes(const std::string& name) { consumers_.erase(name); }

  /// All consumers beat until nothing changes any more.
  void settle() {
    for (int round = 0; round < 20; ++round) {
      const auto before = consumers_;
      for (auto& [name, one] : consumers_) EXPECT_EQ(beats(name), ErrorCode::none) << name;
      const bool same = std::equal(
          before.begin(), before.end(), consumers_.begin(), [](const auto& a, const auto& b) {
            return a.second.owned == b.second.owned && a.second.epoch == b.second.epoch;
          });
      if (same) return;
    }
    ADD_FAILURE() << "the group does not settle";
  }

  ErrorCode commits(const std::string& name, int32_t partition, int64_t offset) {
    return commits(consumer(name), partition, offset);
  }
  ErrorCode commits(const Consumer& one, int32_t partition, int64_t offset) {
    const auto answer = commit(commit_request(one, partition, offset));
    return answer->has_value() ? (*answer)->outcome.code : ErrorCode::unknown_outcome;
  }
  static wire::OffsetCommitRequest commit_request(const Consumer& one, int32_t partition,
                                                  int64_t offset) {
    wire::OffsetCommitRequest request;
    request.group = kGroup;
    request.member_id = one.id;
    request.member_epoch = one.epoch;
    request.offsets.push_back({{"rides", partition}, offset, -1, {}});
    return request;
  }
  /// An administrator, which is no member.
  static Consumer nobody() { return {.id = "", .epoch = -1}; }
  int64_t committed(int32_t partition) {
    const auto answer = fetch({{"rides", partition}});
    return answer->has_value() ? (*answer)->offsets.at(0).offset : -2;
  }

  /// The numbers of the "rides" partitions that it believes to own.
  std::vector<int32_t> owned(const std::string& name, const std::string& of = "rides") {
    std::vector<int32_t> numbers;
    for (const auto& id : consumer(name).owned) {
      if (id.topic == of) numbers.push_back(id.partition);
    }
    return numbers;
  }
  std::string state() { return describe().summary.state; }
  int32_t epoch() { return describe().summary.epoch; }
  bool is_member(const std::string& id) {
    const auto members = describe().members;
    return std::any_of(members.begin(), members.end(),
                       [&](const auto& member) { return member.member_id == id; });
  }
  std::map<std::string, Consumer> consumers_;
};

}  // namespace hailstorm::groups
