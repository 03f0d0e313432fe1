#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broker/groups/coordinator.h"
#include "common/base/check.h"
#include "tests/broker/groups/memory_journal.h"
#include "tests/support/fake_clock.h"

namespace hailstorm::groups {

using PartitionSet = std::set<wire::TopicPartition>;

/// What a member of the group knows and does.
struct Consumer {
  std::string id;
  std::string instance = {};  // empty: dynamic
  std::vector<std::string> topics = {"rides"};
  int32_t epoch = wire::kJoinEpoch;
  PartitionSet owned = {};
  bool releases = true;  // what is revoked, at once; else it goes on with its work
  int32_t session_timeout_ms = 6'000;
  int32_t rebalance_timeout_ms = 30'000;

  [[nodiscard]] wire::GroupHeartbeatRequest request(const std::string& group) const {
    wire::GroupHeartbeatRequest request;
    request.group = group;
    request.member_id = id;
    request.instance_id = instance;
    request.member_epoch = epoch;
    request.rebalance_timeout_ms = rebalance_timeout_ms;
    request.session_timeout_ms = session_timeout_ms;
    request.topics = topics;
    request.owned.assign(owned.begin(), owned.end());
    return request;
  }
  void take(const wire::GroupHeartbeatReply& reply) {
    epoch = reply.member_epoch;
    PartitionSet given(reply.assignment.begin(), reply.assignment.end());
    if (!releases) given.merge(PartitionSet(owned));
    owned = std::move(given);
  }
};

/// A coordinator on a clock, a journal and a catalog that the test controls; one group.
///
/// Thread safety: not safe.
class GroupWorld {
 public:
  static constexpr const char* kGroup = "payment";
  /// Empty until the coordinator has answered.
  template <class Reply>
  using Later = std::shared_ptr<std::optional<Reply>>;

  GroupWorld() { boot(); }

  Later<wire::GroupHeartbeatReply> heartbeat(const wire::GroupHeartbeatRequest& request) {
    return ask<wire::GroupHeartbeatReply>(
        [&](auto answer) { coordinator_->heartbeat(request, std::move(answer)); });
  }
  Later<wire::OffsetCommitReply> commit(const wire::OffsetCommitRequest& request) {
    return ask<wire::OffsetCommitReply>(
        [&](auto answer) { coordinator_->commit(request, std::move(answer)); });
  }
  Later<wire::OffsetFetchReply> fetch(std::vector<wire::TopicPartition> partitions) {
    return ask<wire::OffsetFetchReply>([&](auto answer) {
      coordinator_->fetch_offsets({kGroup, std::move(partitions)}, std::move(answer));
    });
  }
  Later<wire::DeleteGroupReply> remove() {
    return ask<wire::DeleteGroupReply>(
        [&](auto answer) { coordinator_->remove({kGroup}, std::move(answer)); });
  }
  /// Always answered at once.
  wire::DescribeGroupReply describe() {
    return **ask<wire::DescribeGroupReply>(
        [&](auto answer) { coordinator_->describe({kGroup}, std::move(answer)); });
  }
  wire::ListGroupsReply list() {
    return **ask<wire::ListGroupsReply>(
        [&](auto answer) { coordinator_->list({}, std::move(answer)); });
  }

  /// Everything that can be seen of the group, as text to compare.
  std::string picture() {
    const auto group = describe();
    std::string text = group.summary.state + " " + std::to_string(group.summary.epoch) + "\n";
    const auto add = [&](const std::vector<wire::TopicPartition>& ids) {
      for (const auto& id : ids) text += " " + id.topic + "-" + std::to_string(id.partition);
    };
    for (const auto& member : group.members) {
      text += member.member_id + "/" + member.instance_id + "/" +
              std::to_string(member.member_epoch) + " on";
      for (const auto& topic : member.topics) text += " " + topic;
      text += " has";
      add(member.assigned);
      text += " target";
      add(member.target);
      text += "\n";
    }
    for (const auto& one : group.partitions) {
      add({one.id});
      text += " of " + one.owner + " at " + std::to_string(one.committed_offset) + "\n";
    }
    return text;
  }

  /// Time goes by in steps of the broker's own tick.
  void pass_ms(int64_t ms) {
    while (ms > 0) {
      const int64_t step = std::min<int64_t>(ms, 100);
      clock_.advance_ms(step);
      coordinator_->tick();
      ms -= step;
    }
  }

  /// A new process that reads the journal; what was pending may have reached the log or not.
  void die_and_boot(size_t kept_batches = 0) {
    coordinator_.reset();
    journal_.die(kept_batches);
    boot();
  }
  /// As if the journal had been compacted just before.
  void compact() {
    journal_.settle();
    journal_.replace(coordinator_->snapshot());
  }
  void boot() {
    load();
    coordinator_->finish_loading();
  }
  void load() {
    coordinator_ = std::make_unique<Coordinator>(journal_, catalog_, clock_, options_);
    for (const GroupJournal::Entry& entry : journal_.entries()) {
      HAIL_CHECK(coordinator_->replay(entry.key, entry.value).ok());
    }
  }

  MemoryJournal journal_;
  FakeCatalog catalog_;
  testing::FakeClock clock_;
  CoordinatorOptions options_;
  std::unique_ptr<Coordinator> coordinator_;

  /// What `call` answers to the callback that it is given.
  template <class Reply, class Call>
  static Later<Reply> ask(Call&& call) {
    auto answered = std::make_shared<std::optional<Reply>>();
    call([answered](Reply reply) {
      HAIL_CHECK(!answered->has_value());  // exactly once
      *answered = std::move(reply);
    });
    return answered;
  }
};

}  // namespace hailstorm::groups
