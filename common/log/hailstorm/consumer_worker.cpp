#include "common/log/hailstorm/consumer_worker.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "common/base/logging.h"
#include "common/log/hailstorm/broker_errors.h"

namespace hailstorm::log::hail {
namespace {

using wire::Api;
using wire::ErrorCode;

constexpr int64_t kRequestTimeoutMs = 10'000;
constexpr int64_t kMaxWaitMs = 500;
constexpr int64_t kGoodbyeMs = 500;
constexpr int64_t kCommitPauseMs = 100;
constexpr int64_t kStandInMs = 50;  // after the caller's last turn

}  // namespace

ConsumerWorker::ConsumerWorker(Network& network, const ConsumerOptions& options,
                               ConsumerState& state)
    : options_(options), state_(state), connection_(network), thread_([this] { run(); }) {}

ConsumerWorker::~ConsumerWorker() {
  wake();
  state_.changed.notify_all();
  thread_.join();
}

void ConsumerWorker::run() {
  std::unique_lock lock(state_.mutex);
  while (!state_.stopping) {
    const int64_t now_ms = clock_.steady_ms();
    const int64_t rest_ms = state_.driving ? std::max(wait_ms(now_ms), kStandInMs)
                                           : state_.last_driven_ms + kStandInMs - now_ms;
    if (rest_ms > 0) {
      state_.changed.wait_for(lock, std::chrono::milliseconds(rest_ms));
      continue;
    }
    const int64_t idle_ms = turn();
    lock.unlock();
    await(idle_ms);
    lock.lock();
  }
  say_goodbye();
}

int64_t ConsumerWorker::turn() {
  const int64_t now_ms = clock_.steady_ms();
  Reply reply;
  while (true) {
    const auto event = connection_.next(reply);
    if (event == Connection::Event::nothing) break;
    if (event == Connection::Event::reply) take_reply(std::move(reply), now_ms);
    if (event == Connection::Event::lost) lost();
    reply = {};
  }
  if (is_overdue(now_ms)) {
    log_warn("the broker did not answer in time; connecting anew");
    connection_.reset();
    lost();
  }
  check_poll_interval(now_ms);
  state_.connected = connection_.connected();
  if (state_.connected) speak(now_ms);
  return wait_ms(now_ms);
}

bool ConsumerWorker::is_overdue(int64_t now_ms) const {
  return std::any_of(pending_.begin(), pending_.end(),
                     [now_ms](const auto& one) { return one.second.deadline_ms <= now_ms; });
}

/// A caller that does not poll does not work: others should have its partitions.
void ConsumerWorker::check_poll_interval(int64_t now_ms) {
  auto& membership = state_.membership;
  if (!membership || membership->state() != Membership::State::member || state_.polling) return;
  if (now_ms - state_.last_poll_ms <= options_.max_poll_interval_ms) return;
  log_warn("no poll for longer than max_poll_interval_ms; leaving the group",
           {{"group", options_.group}, {"max_poll_interval_ms", options_.max_poll_interval_ms}});
  if (connection_.connected()) connection_.send(Api::group_heartbeat, membership->leave());
  drop_membership();
}

/// Nothing is ours any more. The next poll says so and begins anew.
void ConsumerWorker::drop_membership() {
  std::erase_if(pending_,
                [](const auto& one) { return one.second.question == Question::heartbeat; });
  state_.fetching.clear();
  state_.granted.clear();
  state_.wanted_back.clear();
  for (const auto& commit : state_.commits) {
    commit->result = Error(LogErrc::fenced, "membership of the group was lost before the commit");
  }
  state_.commits.clear();
}

template <class Request>
void ConsumerWorker::send(Api api, const Request& request, Question question, int64_t now_ms,
                          FetchState::Asked asked, std::shared_ptr<CommitCall> commit) {
  const uint64_t id = connection_.send(api, request);
  pending_[id] = {question, now_ms + kRequestTimeoutMs + options_.max_wait_ms, std::move(asked),
                  std::move(commit)};
}

void ConsumerWorker::speak(int64_t now_ms) {
  // Before a heartbeat may give up what the commit is about.
  send_commit(now_ms);
  send_heartbeat(now_ms);
  send_questions(now_ms);
}

void ConsumerWorker::send_heartbeat(int64_t now_ms) {
  auto& membership = state_.membership;
  if (!membership || membership->next_due_ms() > now_ms) return;
  send(Api::group_heartbeat, membership->heartbeat(), Question::heartbeat, now_ms);
}

void ConsumerWorker::send_commit(int64_t now_ms) {
  if (state_.commits.empty()) return;
  const auto& commit = state_.commits.front();
  if (commit->under_way || commit->not_before_ms > now_ms) return;
  wire::OffsetCommitRequest request;
  request.group = options_.group;
  request.member_id = state_.membership->member_id();
  request.member_epoch = state_.membership->epoch();
  for (const Position& position : commit->positions) {
    const auto& [id, offset, topic_id] = position;
    const Uuid of = topic_id.is_zero() ? state_.fetching.topic_id(id) : topic_id;
    request.offsets.push_back({{id.topic, id.partition, of}, offset, -1, ""});
  }
  commit->under_way = true;
  send(Api::offset_commit, request, Question::commit, now_ms, {}, commit);
}

void ConsumerWorker::send_questions(int64_t now_ms) {
  FetchState& fetching = state_.fetching;
  if (auto asked = fetching.ask(FetchState::Need::committed, now_ms); !asked.empty()) {
    const auto request = fetching.committed_request(options_.group, asked);
    send(Api::offset_fetch, request, Question::committed, now_ms, std::move(asked));
  }
  for (const auto need : {FetchState::Need::start, FetchState::Need::reset}) {
    auto asked = fetching.ask(need, now_ms);
    if (asked.empty()) continue;
    const auto request = fetching.begin_request(need, asked);
    send(Api::list_offsets, request, Question::begin, now_ms, std::move(asked));
  }
  if (auto asked = fetching.ask(FetchState::Need::records, now_ms); !asked.empty()) {
    const auto request = fetching.fetch_request(asked);
    send(Api::fetch, request, Question::records, now_ms, std::move(asked));
  }
}

int64_t ConsumerWorker::wait_ms(int64_t now_ms) const {
  int64_t due_ms = now_ms + kMaxWaitMs;
  if (state_.connected) {
    due_ms = std::min(due_ms, state_.fetching.next_due_ms());
    if (state_.membership) due_ms = std::min(due_ms, state_.membership->next_due_ms());
    if (!state_.commits.empty() && !state_.commits.front()->under_way) {
      due_ms = std::min(due_ms, state_.commits.front()->not_before_ms);
    }
  }
  return std::max<int64_t>(due_ms - now_ms, 0);
}

void ConsumerWorker::take_reply(Reply reply, int64_t now_ms) {
  const auto found = pending_.find(reply.correlation_id);
  if (found == pending_.end()) return;
  const Pending pending = std::move(found->second);
  pending_.erase(found);
  switch (pending.question) {
    case Question::heartbeat:
      return take_heartbeat(reply, now_ms);
    case Question::commit:
      return take_commit(reply, *pending.commit, now_ms);
    case Question::committed:
    case Question::begin:
    case Question::records:
      return take_answer(pending, std::move(reply), now_ms);
  }
}

void ConsumerWorker::take_heartbeat(const Reply& reply, int64_t now_ms) {
  Membership& membership = *state_.membership;
  auto change = membership.answered(body_of<wire::GroupHeartbeatReply>(reply), now_ms);
  for (const auto& [topic, partition, topic_id] : change.granted) {
    const TopicPartition id{topic, partition};
    state_.fetching.add(id, topic_id);
    state_.granted.push_back(id);
  }
  auto& wanted_back = state_.wanted_back;
  wanted_back.insert(wanted_back.end(), change.wanted_back.begin(), change.wanted_back.end());
  const bool gone = membership.state() == Membership::State::lost ||
                    membership.state() == Membership::State::replaced;
  if (gone) drop_membership();
  if (change.error) state_.error = std::move(change.error);
}

void ConsumerWorker::take_commit(const Reply& reply, CommitCall& commit, int64_t now_ms) {
  commit.under_way = false;
  if (commit.result || state_.commits.empty() || state_.commits.front().get() != &commit) return;
  const auto body = body_of<wire::OffsetCommitReply>(reply);
  if (may_pass(body.outcome.code)) {
    commit.not_before_ms = now_ms + kCommitPauseMs;
    return;
  }
  commit.result = body.outcome.code == ErrorCode::none ? Status() : Status(error_of(body.outcome));
  if (!commit.is_awaited && !commit.result->ok()) state_.error = commit.result->error();
  state_.commits.pop_front();
}

void ConsumerWorker::take_answer(const Pending& pending, Reply reply, int64_t now_ms) {
  FetchState& fetching = state_.fetching;
  wire::Outcome outcome;
  if (pending.question == Question::committed) {
    const auto body = body_of<wire::OffsetFetchReply>(reply);
    outcome = body.outcome;
    if (outcome.code == ErrorCode::none) fetching.committed(pending.asked, body);
  } else if (pending.question == Question::begin) {
    const auto body = body_of<wire::ListOffsetsReply>(reply);
    outcome = body.outcome;
    if (outcome.code == ErrorCode::none) fetching.found(pending.asked, body, now_ms);
  } else {
    const auto body = body_of<wire::FetchReply>(reply);
    outcome = body.outcome;
    if (outcome.code == ErrorCode::none) {
      auto taken = fetching.fetched(pending.asked, body, std::move(reply.data), now_ms);
      if (!taken.ok()) state_.error = std::move(taken).error();
    }
  }
  if (outcome.code != ErrorCode::none) {
    fetching.failed(pending.asked, now_ms);
    if (!may_pass(outcome.code)) state_.error = error_of(outcome);
  }
}

void ConsumerWorker::lost() {
  pending_.clear();
  state_.connected = false;
  state_.fetching.lost();
  if (state_.membership) state_.membership->unanswered();
  for (const auto& commit : state_.commits) commit->under_way = false;
}

/// So that the group need not wait for the session to end. Best effort: who cannot say it now is
/// missed later.
void ConsumerWorker::say_goodbye() {
  auto& membership = state_.membership;
  if (!membership || membership->state() != Membership::State::member) return;
  if (!connection_.connected()) return;
  const uint64_t id = connection_.send(Api::group_heartbeat, membership->leave());
  const int64_t until_ms = clock_.steady_ms() + kGoodbyeMs;
  Reply reply;
  while (clock_.steady_ms() < until_ms) {
    const auto event = connection_.wait(until_ms - clock_.steady_ms(), reply);
    if (event == Connection::Event::lost) return;
    if (event == Connection::Event::reply && reply.correlation_id == id) return;
  }
}

}  // namespace hailstorm::log::hail
