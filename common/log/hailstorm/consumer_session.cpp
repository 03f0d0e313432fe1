#include "common/log/hailstorm/consumer_session.h"

#include <algorithm>
#include <fmt/format.h>

#include "common/base/logging.h"
#include "common/log/hailstorm/broker_errors.h"
#include "common/log/hailstorm/topic_ids.h"

namespace hailstorm::log::hail {
namespace {

using wire::ErrorCode;
using Need = FetchState::Need;

constexpr int64_t kConsumerRequestTimeoutMs = 10'000;
constexpr int64_t kLeaveMs = 500;

}  // namespace

void ConsumerSession::send_requests(int64_t now_ms) {
  check_poll_interval(now_ms);
  if (!loop_.connected()) return;
  // Before a heartbeat may release what the commit is about.
  send_commit(now_ms);
  send_heartbeat(now_ms);
  send_fetches(now_ms);
}

int64_t ConsumerSession::next_due_ms(int64_t /*now_ms*/) {
  if (!loop_.connected()) return EventLoop::kNever;
  const int64_t due_ms = std::min(fetching_.next_due_ms(), commits_.next_due_ms());
  return membership_ ? std::min(due_ms, membership_->next_due_ms()) : due_ms;
}

void ConsumerSession::on_connection_lost(int64_t /*now_ms*/) {
  fetching_.on_connection_lost();
  if (membership_) membership_->on_connection_lost();
  commits_.on_connection_lost();
}

int64_t ConsumerSession::deadline_ms(int64_t now_ms) const {
  return now_ms + kConsumerRequestTimeoutMs + options_.max_wait_ms;
}

void ConsumerSession::join(std::vector<std::string> topics, std::string member_id, int64_t now_ms) {
  last_poll_ms_ = now_ms;
  membership_.emplace(options_, std::move(topics), std::move(member_id));
}

bool ConsumerSession::is_member() const {
  return membership_ && membership_->state() == Membership::State::member;
}

GroupMember ConsumerSession::member() const {
  if (!membership_) return {};
  return {membership_->member_id(), is_member() ? membership_->epoch() : 0};
}

std::vector<std::string> ConsumerSession::missing_topics() const {
  return membership_ ? membership_->missing_topics() : std::vector<std::string>();
}

bool ConsumerSession::has_news() const {
  const bool is_out = membership_ && membership_->is_out();
  return error_ || is_out || fetching_.has_records() || !assigned_.empty() || !to_revoke_.empty();
}

Status ConsumerSession::check_membership() {
  if (!membership_ || !membership_->is_out()) return {};
  if (membership_->state() == Membership::State::replaced) {
    return Error(LogErrc::not_now,
                 fmt::format("instance '{}' of group '{}' is another process now; this one "
                             "joins again when that one is gone; stop one of the two, or give each "
                             "an instance id of its own",
                             options_.instance_id, options_.group));
  }
  membership_->rejoin();
  return Error(LogErrc::fenced,
               fmt::format("this member of group '{}' was taken for gone; it joins again, and "
                           "what it had not committed may be delivered to another",
                           options_.group));
}

std::vector<TopicPartition> ConsumerSession::take_revoked() {
  auto revoked = std::exchange(to_revoke_, {});
  for (const TopicPartition& id : revoked) {
    fetching_.remove(id);
    std::erase(assigned_, id);
  }
  return revoked;
}

void ConsumerSession::release(const std::vector<TopicPartition>& ids) {
  if (is_member()) membership_->release(ids);
}

/// A caller that does not poll does not work: others should have its partitions.
void ConsumerSession::check_poll_interval(int64_t now_ms) {
  if (!is_member() || is_polling_) return;
  if (now_ms - last_poll_ms_ <= options_.max_poll_interval_ms) return;
  log_warn("no poll for longer than max_poll_interval_ms; leaving the group",
           {{"group", options_.group}, {"max_poll_interval_ms", options_.max_poll_interval_ms}});
  if (loop_.connected()) {
    loop_.send(membership_->leave(), deadline_ms(now_ms), [](const Reply&, int64_t) {});
  } else {
    (void)membership_->leave();
  }
  drop_membership();
}

/// The member owns nothing any more. The next poll says so and joins again.
void ConsumerSession::drop_membership() {
  loop_.cancel(heartbeat_id_);
  fetching_.clear();
  assigned_.clear();
  to_revoke_.clear();
  commits_.fail_all(Error(LogErrc::fenced, "membership of the group was lost before the commit"));
}

void ConsumerSession::send_heartbeat(int64_t now_ms) {
  if (!membership_ || membership_->next_due_ms() > now_ms) return;
  heartbeat_id_ = loop_.send(membership_->heartbeat(), deadline_ms(now_ms),
                             [this](const Reply& reply, int64_t at_ms) {
                               on_heartbeat(body_of<wire::GroupHeartbeatReply>(reply), at_ms);
                             });
}

void ConsumerSession::on_heartbeat(const wire::GroupHeartbeatReply& reply, int64_t now_ms) {
  auto change = membership_->on_reply(reply, now_ms);
  for (const wire::TopicPartition& id : change.assigned) {
    fetching_.add(from_wire(id), id.topic_id);
    assigned_.push_back(from_wire(id));
  }
  to_revoke_.insert(to_revoke_.end(), change.to_revoke.begin(), change.to_revoke.end());
  if (membership_->is_out()) drop_membership();
  if (change.error) error_ = std::move(change.error);
}

void ConsumerSession::send_commit(int64_t now_ms) {
  const auto commit = commits_.start_request(now_ms);
  if (commit == nullptr) return;
  wire::OffsetCommitRequest request;
  request.group = options_.group;
  request.member_id = membership_->member_id();
  request.member_epoch = commit->epoch;
  for (const auto& [id, offset, topic_id] : commit->positions) {
    const Uuid of = topic_id.is_zero() ? fetching_.topic_id(id) : topic_id;
    request.offsets.push_back({to_wire(id, of), offset, -1, ""});
  }
  loop_.send(request, deadline_ms(now_ms), [this, commit](const Reply& reply, int64_t at_ms) {
    const auto body = body_of<wire::OffsetCommitReply>(reply);
    if (auto error = commits_.on_reply(commit, body.outcome, at_ms)) error_ = std::move(error);
  });
}

void ConsumerSession::send_fetches(int64_t now_ms) {
  if (auto requested = fetching_.start_request(Need::committed, now_ms); !requested.empty()) {
    loop_.send(fetching_.committed_request(options_.group, requested), deadline_ms(now_ms),
               [this, requested](const Reply& reply, int64_t at_ms) {
                 const auto body = body_of<wire::OffsetFetchReply>(reply);
                 if (body.outcome.code != ErrorCode::none)
                   return on_fetch_failure(requested, body.outcome, at_ms);
                 fetching_.on_committed(requested, body);
               });
  }
  for (const Need need : {Need::start, Need::reset}) {
    auto requested = fetching_.start_request(need, now_ms);
    if (requested.empty()) continue;
    loop_.send(fetching_.begin_request(need, requested), deadline_ms(now_ms),
               [this, requested](const Reply& reply, int64_t at_ms) {
                 const auto body = body_of<wire::ListOffsetsReply>(reply);
                 if (body.outcome.code != ErrorCode::none)
                   return on_fetch_failure(requested, body.outcome, at_ms);
                 fetching_.on_begin(requested, body, at_ms);
               });
  }
  if (auto requested = fetching_.start_request(Need::records, now_ms); !requested.empty()) {
    loop_.send(fetching_.fetch_request(requested), deadline_ms(now_ms),
               [this, requested](Reply reply, int64_t at_ms) {
                 const auto body = body_of<wire::FetchReply>(reply);
                 if (body.outcome.code != ErrorCode::none)
                   return on_fetch_failure(requested, body.outcome, at_ms);
                 auto taken = fetching_.on_fetched(requested, body, std::move(reply.data), at_ms);
                 if (!taken.ok()) error_ = std::move(taken).error();
               });
  }
}

void ConsumerSession::on_fetch_failure(const FetchState::Requested& requested,
                                       const wire::Outcome& outcome, int64_t now_ms) {
  fetching_.on_failure(requested, now_ms);
  if (!may_pass(outcome.code)) error_ = error_of(outcome);
}

void ConsumerSession::leave_group(EventLoop::Lock& lock, int64_t now_ms) {
  if (!is_member() || !loop_.connected()) return;
  bool is_answered = false;
  loop_.send(membership_->leave(), now_ms + kLeaveMs,
             [&is_answered](const Reply&, int64_t) { is_answered = true; });
  fetching_.clear();
  loop_.run_until(lock, now_ms + kLeaveMs, [&] { return is_answered || !loop_.connected(); });
}

}  // namespace hailstorm::log::hail
