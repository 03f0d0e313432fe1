#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/log/log.h"
#include "common/wire/messages.h"

namespace hailstorm::log::hail {

/// One member's side of its group (KIP-848): what the next heartbeat says, and what an answer
/// means. What the group takes away stays owned until release() says that nobody works on it any
/// more. Knows neither sockets nor threads.
///
/// Thread safety: not safe.
class Membership {
 public:
  enum class State {
    joining,
    member,
    lost,      // the group went on without us; rejoin() begins anew
    replaced,  // another has our instance id; lost as soon as it is free
  };

  Membership(const ConsumerOptions& options, std::vector<std::string> topics);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::string& member_id() const { return member_id_; }
  [[nodiscard]] int32_t epoch() const { return epoch_; }

  /// When the next heartbeat is due; INT64_MAX: not before something else happens.
  [[nodiscard]] int64_t next_due_ms() const;
  /// The heartbeat to send now, which is then under way until answered() or unanswered().
  [[nodiscard]] wire::GroupHeartbeatRequest heartbeat();
  /// The heartbeat that says goodbye. The state is lost thereafter.
  [[nodiscard]] wire::GroupHeartbeatRequest leave();

  struct Change {
    std::vector<wire::TopicPartition> granted;  // ours from now on, with their topics' ids
    std::vector<TopicPartition> wanted_back;
    std::optional<Error> error;  // for whoever polls
  };
  [[nodiscard]] Change answered(const wire::GroupHeartbeatReply& reply, int64_t now_ms);
  void unanswered() { under_way_ = false; }

  /// Of the subscription: they did not exist when the last heartbeat was answered.
  [[nodiscard]] const std::vector<std::string>& missing_topics() const { return missing_topics_; }

  /// Nobody works on these any more. The group is told at once.
  void release(const std::vector<TopicPartition>& ids);
  /// Begins anew, owning nothing. REQUIRES: state() is lost.
  void rejoin();

 private:
  void own_nothing();
  [[nodiscard]] Change refused(const wire::Outcome& outcome, int64_t now_ms);
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
  std::set<TopicPartition> wanted_back_;
  std::vector<std::string> missing_topics_;
  int64_t replaced_pause_ms_ = 0;
  bool under_way_ = false;
  int64_t due_ms_ = 0;
};

}  // namespace hailstorm::log::hail
