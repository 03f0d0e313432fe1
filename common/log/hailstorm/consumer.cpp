#include "common/log/hailstorm/consumer.h"

#include <fmt/format.h>
#include <utility>

#include "common/log/hailstorm/option_check.h"

namespace hailstorm::log::hail {
namespace {

constexpr int64_t kCommitTimeoutMs = 10'000;
constexpr int64_t kHurriedCommitTimeoutMs = 1'000;
// A caller that handles its records for longer than this has a thread fetch ahead meanwhile.
constexpr int64_t kConsumerBackgroundAfterMs = 50;

std::optional<std::string> copy(const std::optional<std::string_view>& text) {
  if (!text) return std::nullopt;
  return std::string(*text);
}

ConsumedRecord copy(const TopicPartition& id, const ConsumedView& view) {
  ConsumedRecord record{id.topic,       id.partition,     view.offset, view.timestamp_ms,
                        copy(view.key), copy(view.value), {},          view.topic_id};
  record.headers.reserve(view.headers.size());
  for (const auto& header : view.headers)
    record.headers.emplace_back(std::string(header.key), copy(header.value));
  if (view.undecodable != nullptr) record.undecodable = *view.undecodable;
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

HailstormConsumer::HailstormConsumer(const Environment& environment, ConsumerOptions options)
    : environment_(environment),
      options_(std::move(options)),
      session_(loop_, options_),
      loop_(environment, session_, kConsumerBackgroundAfterMs) {}

HailstormConsumer::~HailstormConsumer() {
  loop_.stop();
  auto lock = loop_.lock();
  session_.leave_group(lock, environment_.clock.steady_ms());
}

void HailstormConsumer::subscribe(std::vector<std::string> topics, RebalanceListener listener) {
  const auto lock = loop_.lock();
  lacks_group_ = options_.group.empty();
  if (lacks_group_) return;
  listener_ = std::move(listener);
  session_.join(std::move(topics), environment_.make_id().text(), environment_.clock.steady_ms());
  loop_.wake();
}

void HailstormConsumer::begin_no_later_than(const std::vector<Position>& positions) {
  const auto lock = loop_.lock();
  for (const Position& position : positions) session_.fetching().begin_no_later_than(position);
  loop_.wake();
}

void HailstormConsumer::assign(std::vector<Position> positions) {
  const auto lock = loop_.lock();
  lacks_group_ = false;
  session_.fetching().clear();
  for (const Position& position : positions) session_.fetching().add(position);
  loop_.wake();
}

Result<std::vector<ConsumedRecord>> HailstormConsumer::poll(int timeout_ms) {
  std::vector<ConsumedRecord> records;
  HAIL_RETURN_IF_ERROR(poll(timeout_ms, [&](const TopicPartition& id, const ConsumedView& view) {
    records.push_back(copy(id, view));
  }));
  return records;
}

Result<int64_t> HailstormConsumer::poll(int timeout_ms, const RecordVisitor& visit) {
  HAIL_RETURN_IF_ERROR(check(options_));
  auto lock = loop_.lock();
  if (lacks_group_)
    return Error(LogErrc::refused, "a consumer that subscribes needs the name of a group");
  const Clock& clock = environment_.clock;
  const int64_t until_ms = clock.steady_ms() + timeout_ms;
  const ConsumerSession::PollScope scope(session_, clock);
  while (true) {
    HAIL_RETURN_IF_ERROR(rebalance(lock));
    if (auto error = session_.take_error()) return std::move(*error);
    FetchState& fetching = session_.fetching();
    const auto count = fetching.take(static_cast<size_t>(options_.max_poll_records), visit);
    if (!count.ok()) return count.error();
    if (*count > 0) {
      // Room for more: it may come while these are handled.
      if (fetching.next_due_ms() <= clock.steady_ms()) loop_.run_once();
      return static_cast<int64_t>(*count);
    }
    if (std::exchange(is_woken_, false)) return int64_t{0};
    const auto has_news = [this] { return is_woken_ || session_.has_news(); };
    if (!loop_.run_until(lock, until_ms, has_news)) break;
  }
  if (loop_.connected()) return int64_t{0};
  return Error(LogErrc::unavailable, fmt::format("no connection to the broker at {}",
                                                 environment_.transport.broker_address()));
}

/// Reports to the caller what was revoked and assigned. What was revoked is free for others after
/// that.
Status HailstormConsumer::rebalance(EventLoop::Lock& lock) {
  const auto report = [&lock](const auto& listener, const std::vector<TopicPartition>& ids) {
    if (!listener || ids.empty()) return;
    lock.unlock();
    listener(ids);
    lock.lock();
  };
  HAIL_RETURN_IF_ERROR(session_.check_membership());
  if (const auto revoked = session_.take_revoked(); !revoked.empty()) {
    report(listener_.revoked, revoked);
    // The commits that wait must be answered before the heartbeat that releases the partitions.
    const int64_t until_ms = environment_.clock.steady_ms() + kHurriedCommitTimeoutMs;
    loop_.run_until(lock, until_ms, [this] { return session_.commits().size() == 0 || is_woken_; });
    session_.release(revoked);
  }
  // More may be assigned during the call. A partition is read after the listener has it.
  for (auto ids = session_.take_assigned(); !ids.empty(); ids = session_.take_assigned())
    report(listener_.assigned, ids);
  return {};
}

Status HailstormConsumer::commit(const std::vector<Position>& positions) {
  auto lock = loop_.lock();
  if (!session_.has_group()) return Error(LogErrc::refused, "only a member of a group can commit");
  if (!session_.is_member())
    return Error(LogErrc::fenced, "this consumer is not a member of its group now");
  const auto commit = session_.commits().add(positions, session_.epoch());
  const auto is_answered = [&] { return commit->result.has_value(); };
  const Clock& clock = environment_.clock;
  loop_.run_until(lock, clock.steady_ms() + kCommitTimeoutMs,
                  [&] { return is_answered() || is_woken_; });
  // A caller that was woken is about to stop: a broker that is gone must not hold it up for long.
  if (is_woken_) loop_.run_until(lock, clock.steady_ms() + kHurriedCommitTimeoutMs, is_answered);
  if (is_answered()) return std::move(*commit->result);
  session_.commits().remove(commit);
  return Error(LogErrc::unknown_outcome,
               "the broker did not answer the commit; the records may be delivered again");
}

void HailstormConsumer::commit_soon(const std::vector<Position>& positions) {
  const auto lock = loop_.lock();
  // A consumer that is no member now learns that from poll().
  if (!session_.is_member()) return;
  session_.commits().add_soon(positions, session_.epoch());
  if (session_.commits().size() == 1) loop_.run_once();
}

std::vector<TopicPartition> HailstormConsumer::assignment() const {
  const auto lock = loop_.lock();
  return session_.fetching().known();
}

GroupMember HailstormConsumer::member() const {
  const auto lock = loop_.lock();
  return session_.member();
}

std::vector<ClosedPartition> HailstormConsumer::closed_partitions() const {
  const auto lock = loop_.lock();
  return session_.fetching().closed();
}

std::vector<std::string> HailstormConsumer::missing_topics() const {
  const auto lock = loop_.lock();
  return session_.missing_topics();
}

int64_t HailstormConsumer::lag() const {
  const auto lock = loop_.lock();
  return session_.fetching().lag();
}

void HailstormConsumer::wake() {
  const auto lock = loop_.lock();
  is_woken_ = true;
  loop_.wake();
}

}  // namespace hailstorm::log::hail
