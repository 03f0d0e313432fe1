#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/log/consumer.h"
#include "common/wire/messages.h"

namespace hailstorm::log::hail {

/// One member's side of its group (KIP-848): what the next heartbeat says, and what an answer
/// means. A partition that the group revokes stays owned until release() says that nobody works on
/// it any more. Knows neither sockets nor threads.
///
/// Thread safety: not safe.
class Membership {
 public:
  enum class State {
    joining,
    member,
    lost,      // the group goes on without this member, until rejoin()
    replaced,  // another process has the instance id; lost as soon as it is free
  };

  Membership(const ConsumerOptions& options, std::vector<std::string> topics,
             std::string member_id);

  [[nodiscard]] State state() const { return state_; }
  /// The group took its partitions: it is lost or replaced.
  [[nodiscard]] bool is_out() const { return state_ == State::lost || state_ == State::replaced; }
  [[nodiscard]] const std::string& member_id() const { return member_id_; }
  [[nodiscard]] int32_t epoch() const { return epoch_; }

  /// When the next heartbeat is due; INT64_MAX: not before something else happens.
  [[nodiscard]] int64_t next_due_ms() const;
  /// The heartbeat to send now, which is then pending until on_reply() or on_connection_lost().
  [[nodiscard]] wire::GroupHeartbeatRequest heartbeat();
  /// The heartbeat that leaves the group. The state is lost after it.
  [[nodiscard]] wire::GroupHeartbeatRequest leave();

  struct Change {
    std::vector<wire::TopicPartition> assigned;  // owned from now on, with their topics' ids
    std::vector<TopicPartition> to_revoke;
    std::optional<Error> error;  // for the next poll
  };
  [[nodiscard]] Change on_reply(const wire::GroupHeartbeatReply& reply, int64_t now_ms);
  void on_connection_lost() { is_pending_ = false; }

  /// Of the subscription: they did not exist when the last heartbeat was answered.
  [[nodiscard]] const std::vector<std::string>& missing_topics() const { return missing_topics_; }

  /// Nobody works on these any more. The next heartbeat, which is due at once, says so.
  void release(const std::vector<TopicPartition>& ids);
  /// Joins again, owning nothing. REQUIRES: state() is lost.
  void rejoin();

 private:
  void own_nothing();
  [[nodiscard]] Change on_refusal(const wire::Outcome& outcome, int64_t now_ms);
  [[nodiscard]] wire::GroupHeartbeatRequest request(int32_t epoch) const;

  const std::string group_;
  const std::string instance_id_;
  const int32_t session_timeout_ms_;
  const int32_t max_poll_interval_ms_;
  const std::vector<std::string> topics_;
  const std::string member_id_;
  State state_ = State::joining;
  int32_t epoch_ = wire::kJoinEpoch;
  std::map<TopicPartition, Uuid> owned_;  // with the topic's id
  std::set<TopicPartition> to_revoke_;
  std::vector<std::string> missing_topics_;
  int64_t replaced_pause_ms_ = 0;
  bool is_pending_ = false;
  int64_t due_ms_ = 0;
};

}  // namespace hailstorm::log::hail
