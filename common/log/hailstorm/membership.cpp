#include "common/log/hailstorm/membership.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "common/base/check.h"
#include "common/log/hailstorm/broker_errors.h"

namespace hailstorm::log::hail {
namespace {

constexpr int64_t kHeartbeatPauseMs = 200;
constexpr int64_t kRefusedPauseMs = 1'000;
// Between two heartbeats that find out whether the instance id is free: doubled each time.
constexpr int64_t kFirstReplacedPauseMs = 100;
constexpr int64_t kReplacedPauseMs = 500;

}  // namespace

Membership::Membership(const ConsumerOptions& options, std::vector<std::string> topics,
                       std::string member_id)
    : group_(options.group),
      instance_id_(options.instance_id),
      session_timeout_ms_(options.session_timeout_ms),
      max_poll_interval_ms_(options.max_poll_interval_ms),
      topics_(std::move(topics)),
      member_id_(std::move(member_id)) {}

int64_t Membership::next_due_ms() const {
  const bool may_speak = state_ != State::lost;
  return may_speak && !is_pending_ ? due_ms_ : std::numeric_limits<int64_t>::max();
}

wire::GroupHeartbeatRequest Membership::request(int32_t epoch) const {
  wire::GroupHeartbeatRequest request;
  request.group = group_;
  request.member_id = member_id_;
  request.instance_id = instance_id_;
  request.member_epoch = epoch;
  request.session_timeout_ms = session_timeout_ms_;
  // Partitions are revoked in a poll.
  request.rebalance_timeout_ms = max_poll_interval_ms_;
  request.topics = topics_;
  for (const auto& [id, topic_id] : owned_)
    request.owned.push_back({id.topic, id.partition, topic_id});
  return request;
}

wire::GroupHeartbeatRequest Membership::heartbeat() {
  is_pending_ = true;
  return request(epoch_);
}

wire::GroupHeartbeatRequest Membership::leave() {
  state_ = State::lost;
  return request(instance_id_.empty() ? wire::kLeaveEpoch : wire::kLeaveStaticEpoch);
}

Membership::Change Membership::on_reply(const wire::GroupHeartbeatReply& reply, int64_t now_ms) {
  is_pending_ = false;
  if (state_ == State::lost) return {};
  if (reply.outcome.code != wire::ErrorCode::none) return on_refusal(reply.outcome, now_ms);
  state_ = State::member;
  epoch_ = reply.member_epoch;
  due_ms_ = now_ms + reply.heartbeat_interval_ms;
  missing_topics_ = reply.missing_topics;

  Change change;
  std::map<TopicPartition, Uuid> assignment;
  for (const auto& id : reply.assignment) {
    assignment[{id.topic, id.partition}] = id.topic_id;
    if (owned_.try_emplace({id.topic, id.partition}, id.topic_id).second)
      change.assigned.push_back(id);
  }
  for (const auto& [id, topic_id] : owned_) {
    // One of a topic that was made again is assigned when the old one is released.
    const auto found = assignment.find(id);
    const bool is_assigned = found != assignment.end() && found->second == topic_id;
    if (!is_assigned && to_revoke_.insert(id).second) change.to_revoke.push_back(id);
  }
  // The group waits for the confirmation, and the rest of the assignment may be free by now.
  if (!change.assigned.empty()) due_ms_ = now_ms;
  return change;
}

Membership::Change Membership::on_refusal(const wire::Outcome& outcome, int64_t now_ms) {
  Change change;
  Error error = error_of(outcome);
  if (outcome.code == wire::ErrorCode::fenced_instance_id) {
    // The next heartbeats, of the same epoch, take nothing from the other process.
    const bool is_first = state_ != State::replaced;
    replaced_pause_ms_ =
        is_first ? kFirstReplacedPauseMs : std::min(2 * replaced_pause_ms_, kReplacedPauseMs);
    state_ = State::replaced;
    due_ms_ = now_ms + replaced_pause_ms_;
    own_nothing();
  } else if (error.is(LogErrc::fenced)) {
    state_ = State::lost;
  } else if (may_pass(outcome.code)) {
    due_ms_ = now_ms + kHeartbeatPauseMs;
  } else {
    due_ms_ = now_ms + kRefusedPauseMs;
    change.error = std::move(error);
  }
  return change;
}

void Membership::release(const std::vector<TopicPartition>& ids) {
  for (const TopicPartition& id : ids) {
    owned_.erase(id);
    to_revoke_.erase(id);
  }
  due_ms_ = 0;
}

void Membership::own_nothing() {
  owned_.clear();
  to_revoke_.clear();
}

void Membership::rejoin() {
  HAIL_CHECK(state_ == State::lost);
  state_ = State::joining;
  epoch_ = wire::kJoinEpoch;
  own_nothing();
  is_pending_ = false;
  due_ms_ = 0;
}

}  // namespace hailstorm::log::hail
