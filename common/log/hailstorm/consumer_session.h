#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/log/consumer.h"
#include "common/log/hailstorm/event_loop.h"
#include "common/log/hailstorm/fetch_state.h"
#include "common/log/hailstorm/membership.h"
#include "common/log/hailstorm/offset_commits.h"

namespace hailstorm::log::hail {

/// A consumer's half that speaks to the broker: keeps the membership, fetches ahead, commits.
///
/// Thread safety: not safe; the event loop's mutex protects it.
class ConsumerSession final : public EventLoop::Client {
 public:
  /// The references must remain live while this is in use; `loop` is not used before
  /// send_requests().
  ConsumerSession(EventLoop& loop, const ConsumerOptions& options)
      : loop_(loop), options_(options), fetching_(options.reset, options.max_wait_ms) {}

  void send_requests(int64_t now_ms) override;
  [[nodiscard]] int64_t next_due_ms(int64_t now_ms) override;
  void on_connection_lost(int64_t now_ms) override;

  void join(std::vector<std::string> topics, std::string member_id, int64_t now_ms);
  /// So that the group need not wait for the end of the session. Best effort: waits a while for the
  /// broker's answer.
  void leave_group(EventLoop::Lock& lock, int64_t now_ms);

  /// Says that the caller is in a poll: one that does not poll for too long leaves the group.
  class PollScope {
   public:
    PollScope(ConsumerSession& session, const Clock& clock) : session_(session), clock_(clock) {
      session_.is_polling_ = true;
    }
    ~PollScope() {
      session_.is_polling_ = false;
      session_.last_poll_ms_ = clock_.steady_ms();
    }
    PollScope(const PollScope&) = delete;
    PollScope& operator=(const PollScope&) = delete;

   private:
    ConsumerSession& session_;
    const Clock& clock_;
  };

  /// Something happened that a poll must handle.
  [[nodiscard]] bool has_news() const;
  /// Not ok: membership was lost (the next heartbeat joins again), or another process has it.
  [[nodiscard]] Status check_membership();
  /// Partitions that the group wants to revoke. They are not read any more, but count as owned
  /// until release().
  [[nodiscard]] std::vector<TopicPartition> take_revoked();
  void release(const std::vector<TopicPartition>& ids);
  /// Partitions that were assigned since the last call.
  [[nodiscard]] std::vector<TopicPartition> take_assigned() { return std::exchange(assigned_, {}); }
  [[nodiscard]] std::optional<Error> take_error() { return std::exchange(error_, std::nullopt); }

  [[nodiscard]] bool has_group() const { return membership_.has_value(); }
  [[nodiscard]] bool is_member() const;
  /// REQUIRES: is_member().
  [[nodiscard]] int32_t epoch() const { return membership_->epoch(); }
  [[nodiscard]] GroupMember member() const;
  [[nodiscard]] std::vector<std::string> missing_topics() const;
  [[nodiscard]] FetchState& fetching() { return fetching_; }
  [[nodiscard]] OffsetCommits& commits() { return commits_; }

 private:
  void send_commit(int64_t now_ms);
  void send_heartbeat(int64_t now_ms);
  void send_fetches(int64_t now_ms);
  void check_poll_interval(int64_t now_ms);
  void drop_membership();
  void on_heartbeat(const wire::GroupHeartbeatReply& reply, int64_t now_ms);
  void on_fetch_failure(const FetchState::Requested& requested, const wire::Outcome& outcome,
                        int64_t now_ms);
  [[nodiscard]] int64_t deadline_ms(int64_t now_ms) const;

  EventLoop& loop_;
  const ConsumerOptions& options_;
  FetchState fetching_;
  std::optional<Membership> membership_;  // nothing: no group
  uint64_t heartbeat_id_ = 0;             // of the pending one
  OffsetCommits commits_;
  std::vector<TopicPartition> assigned_;   // for the next poll
  std::vector<TopicPartition> to_revoke_;  // in the next poll
  std::optional<Error> error_;             // for the next poll
  bool is_polling_ = false;
  int64_t last_poll_ms_ = 0;  // when the last one ended
};

}  // namespace hailstorm::log::hail
