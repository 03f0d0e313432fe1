#include "common/log/hailstorm/consumer.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <utility>

#include "common/log/hailstorm/option_check.h"

namespace hailstorm::log::hail {
namespace {

constexpr auto kCommitTimeout = std::chrono::seconds(10);
constexpr auto kHurriedCommitTimeout = std::chrono::seconds(1);

std::optional<std::string> copy(const std::optional<std::string_view>& text) {
  if (!text) return std::nullopt;
  return std::string(*text);
}

ConsumedRecord copy(const TopicPartition& id, const Uuid& topic_id, const wire::RecordView& view,
                    const Undecodable* undecodable) {
  ConsumedRecord record{id.topic,       id.partition,     view.offset, view.timestamp_ms,
                        copy(view.key), copy(view.value), {},          topic_id};
  record.headers.reserve(view.headers.size());
  for (const auto& header : view.headers) {
    record.headers.emplace_back(std::string(header.key), copy(header.value));
  }
  if (undecodable != nullptr) record.undecodable = *undecodable;
  return record;
}

/// Not ok: a poll would find nothing, or would never wait.
Status check(const ConsumerOptions& options) {
  HAIL_RETURN_IF_ERROR(at_least("max_poll_records", options.max_poll_records, 1));
  HAIL_RETURN_IF_ERROR(at_least("max_wait_ms", options.max_wait_ms, 0));
  HAIL_RETURN_IF_ERROR(at_least("session_timeout_ms", options.session_timeout_ms, 0));
  HAIL_RETURN_IF_ERROR(at_least("max_poll_interval_ms", options.max_poll_interval_ms, 1));
  return {};
}

}  // namespace

HailstormConsumer::HailstormConsumer(Network& network, ConsumerOptions options)
    : network_(network),
      options_(std::move(options)),
      state_(options_.reset, options_.max_wait_ms),
      worker_(network, options_, state_) {}

HailstormConsumer::~HailstormConsumer() {
  const std::lock_guard lock(state_.mutex);
  state_.stopping = true;
}

void HailstormConsumer::subscribe(std::vector<std::string> topics, RebalanceListener listener) {
  const std::lock_guard lock(state_.mutex);
  lacks_group_ = options_.group.empty();
  if (lacks_group_) return;
  listener_ = std::move(listener);
  state_.last_poll_ms = clock_.steady_ms();
  state_.membership.emplace(options_, std::move(topics));
  worker_.wake();
}

void HailstormConsumer::begin_no_later_than(const std::vector<Position>& positions) {
  const std::lock_guard lock(state_.mutex);
  for (const Position& position : positions) state_.fetching.begin_no_later_than(position);
  worker_.wake();
}

void HailstormConsumer::assign(std::vector<Position> positions) {
  const std::lock_guard lock(state_.mutex);
  lacks_group_ = false;
  state_.fetching.clear();
  for (const Position& position : positions) state_.fetching.add(position);
  worker_.wake();
}

/// Reports to the caller what it gained and lost, and the group that what was lost is free.
Status HailstormConsumer::rebalance(Lock& lock) {
  const auto tell = [&lock](const auto& listener, const std::vector<TopicPartition>& ids) {
    if (!listener || ids.empty()) return;
    lock.unlock();
    listener(ids);
    lock.lock();
  };
  auto& membership = state_.membership;
  if (membership && membership->state() == Membership::State::lost) {
    membership->rejoin();
    return Error(LogErrc::fenced,
                 fmt::format("this member of group '{}' was taken for gone; it joins again, and "
                             "what it had not committed may be delivered to another",
                             options_.group));
  }
  if (membership && membership->state() == Membership::State::replaced) {
    return Error(LogErrc::not_now,
                 fmt::format("instance '{}' of group '{}' is another process now; this one "
                             "joins again when that one is gone; stop one of the two, or give each "
                             "an instance id of its own",
                             options_.instance_id, options_.group));
  }
  if (const auto revoked = std::exchange(state_.wanted_back, {}); !revoked.empty()) {
    for (const TopicPartition& id : revoked) {
      state_.fetching.remove(id);
      std::erase(state_.granted, id);
    }
    tell(listener_.revoked, revoked);
    // What waits behind a commit under way must still come before the word that lets go.
    const auto until = std::chrono::steady_clock::now() + kHurriedCommitTimeout;
    (void)drive(lock, until, [this] { return state_.commits.empty() || woken_; });
    if (membership->state() == Membership::State::member) membership->release(revoked);
  }
  // More may be granted during the call. A partition is read after the listener has it.
  while (!state_.granted.empty()) tell(listener_.assigned, std::exchange(state_.granted, {}));
  return {};
}

bool HailstormConsumer::has_news() const {
  const auto& membership = state_.membership;
  return woken_ || state_.error || state_.fetching.has_records() || !state_.granted.empty() ||
         !state_.wanted_back.empty() ||
         (membership && (membership->state() == Membership::State::lost ||
                         membership->state() == Membership::State::replaced));
}

template <class Done>
bool HailstormConsumer::drive(Lock& lock, std::chrono::steady_clock::time_point until,
                              const Done& done) {
  state_.driving = true;
  bool is_done = done();
  while (!is_done) {
    const int64_t idle_ms = worker_.turn();
    is_done = done();
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (is_done || left.count() <= 0) break;
    lock.unlock();
    worker_.await(std::min<int64_t>(idle_ms, left.count()));
    lock.lock();
  }
  state_.driving = false;
  state_.last_driven_ms = clock_.steady_ms();
  return is_done;
}

Result<size_t> HailstormConsumer::poll_records(int timeout_ms, const FetchState::Visitor& visit) {
  HAIL_RETURN_IF_ERROR(check(options_));
  Lock lock(state_.mutex);
  if (lacks_group_)
    return Error(LogErrc::refused, "a consumer that subscribes needs the name of a group");
  state_.polling = true;
  auto count = wait_for_records(lock, timeout_ms, visit);
  state_.polling = false;
  state_.last_poll_ms = clock_.steady_ms();
  return count;
}

Result<std::vector<ConsumedRecord>> HailstormConsumer::poll(int timeout_ms) {
  std::vector<ConsumedRecord> records;
  HAIL_RETURN_IF_ERROR(
      poll_records(timeout_ms, [&](const TopicPartition& id, const Uuid& topic_id,
                                   const wire::RecordView& record, const Undecodable* undecodable) {
        records.push_back(copy(id, topic_id, record, undecodable));
      }));
  return records;
}

Result<int64_t> HailstormConsumer::poll(int timeout_ms, const RecordVisitor& visit) {
  HAIL_ASSIGN_OR_RETURN(
      const size_t count,
      poll_records(timeout_ms, [&](const TopicPartition& id, const Uuid& topic_id,
                                   const wire::RecordView& record, const Undecodable* undecodable) {
        visit(id, {record.offset, record.timestamp_ms, record.key, record.value, topic_id,
                   undecodable});
      }));
  return static_cast<int64_t>(count);
}

Result<size_t> HailstormConsumer::wait_for_records(Lock& lock, int timeout_ms,
                                                   const FetchState::Visitor& visit) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  while (true) {
    HAIL_RETURN_IF_ERROR(rebalance(lock));
    if (auto error = std::exchange(state_.error, std::nullopt)) return std::move(*error);
    auto count = state_.fetching.take(static_cast<size_t>(options_.max_poll_records), visit);
    if (!count.ok() || *count > 0) {
      // Room for more: it may come while these are handled.
      if (state_.fetching.next_due_ms() <= clock_.steady_ms()) (void)worker_.turn();
      return count;
    }
    if (std::exchange(woken_, false)) return count;
    if (!drive(lock, until, [this] { return has_news(); })) break;
  }
  if (state_.connected) return size_t{0};
  return Error(LogErrc::unavailable,
               fmt::format("no connection to the broker at {}", to_text(network_.address())));
}

Status HailstormConsumer::commit(const std::vector<Position>& positions) {
  Lock lock(state_.mutex);
  auto& membership = state_.membership;
  if (!membership) return Error(LogErrc::refused, "only a member of a group can commit");
  if (membership->state() != Membership::State::member) {
    return Error(LogErrc::fenced, "this consumer is not a member of its group now");
  }
  const auto call = std::make_shared<CommitCall>();
  call->positions = positions;
  state_.commits.push_back(call);
  const auto answered = [&] { return call->result.has_value(); };
  const auto now = [] { return std::chrono::steady_clock::now(); };
  (void)drive(lock, now() + kCommitTimeout, [&] { return answered() || woken_; });
  // Who was woken is about to stop: not held up for long by a broker that is gone.
  if (woken_) (void)drive(lock, now() + kHurriedCommitTimeout, answered);
  if (answered()) return std::move(*call->result);
  std::erase(state_.commits, call);
  return Error(LogErrc::unknown_outcome,
               "the broker did not answer the commit; the records may be delivered again");
}

void HailstormConsumer::commit_soon(const std::vector<Position>& positions) {
  const std::lock_guard lock(state_.mutex);
  auto& membership = state_.membership;
  // Who is not a member now learns it from poll().
  if (!membership || membership->state() != Membership::State::member) return;
  const bool replaces = !state_.commits.empty() && !state_.commits.back()->is_awaited &&
                        !state_.commits.back()->under_way;
  if (!replaces) {
    state_.commits.push_back(std::make_shared<CommitCall>());
    state_.commits.back()->is_awaited = false;
  }
  auto& waiting = state_.commits.back()->positions;
  for (const Position& position : positions) {
    std::erase_if(waiting, [&](const Position& older) { return older.id == position.id; });
    waiting.push_back(position);
  }
  if (state_.commits.size() == 1) (void)worker_.turn();
}

std::vector<TopicPartition> HailstormConsumer::assignment() const {
  const std::lock_guard lock(state_.mutex);
  return state_.fetching.known();
}

std::vector<ClosedPartition> HailstormConsumer::closed_partitions() const {
  const std::lock_guard lock(state_.mutex);
  return state_.fetching.closed();
}

std::vector<std::string> HailstormConsumer::missing_topics() const {
  const std::lock_guard lock(state_.mutex);
  return state_.membership ? state_.membership->missing_topics() : std::vector<std::string>();
}

int64_t HailstormConsumer::lag() const {
  const std::lock_guard lock(state_.mutex);
  return state_.fetching.lag();
}

void HailstormConsumer::wake() {
  const std::lock_guard lock(state_.mutex);
  woken_ = true;
  worker_.wake();
}

}  // namespace hailstorm::log::hail
