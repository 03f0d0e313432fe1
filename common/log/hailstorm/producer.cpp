#include "common/log/hailstorm/producer.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <limits>
#include <utility>

#include "common/base/logging.h"
#include "common/log/hailstorm/broker_errors.h"
#include "common/log/hailstorm/option_check.h"
#include "common/log/record_check.h"

namespace hailstorm::log::hail {
namespace {

using wire::Api;
using wire::ErrorCode;

constexpr int64_t kRequestTimeoutMs = 10'000;
constexpr int64_t kIdentityPauseMs = 200;
constexpr int64_t kMaxWaitMs = 500;
constexpr int64_t kStandInMs = 2;  // after a caller's last turn
constexpr size_t kMaxUnacknowledgedBytes = 64 << 20;
constexpr int32_t kMaxBatchBytes = 2 << 20;

Accumulator::Options accumulator_options(const ProducerOptions& options) {
  return {options.linger_ms, std::clamp(options.batch_bytes, 1, kMaxBatchBytes)};
}

Error timed_out() {
  return {LogErrc::unknown_outcome,
          "the record could not be delivered within the delivery timeout"};
}

/// Not ok: a send would wait for ever, or no record could be delivered in time.
Status check(const ProducerOptions& options) {
  HAIL_RETURN_IF_ERROR(at_least("linger_ms", options.linger_ms, 0));
  HAIL_RETURN_IF_ERROR(at_least("batch_bytes", options.batch_bytes, 1));
  HAIL_RETURN_IF_ERROR(
      at_least("max_unacknowledged_records", options.max_unacknowledged_records, 1));
  HAIL_RETURN_IF_ERROR(at_least("delivery_timeout_ms", options.delivery_timeout_ms, 1));
  return {};
}

}  // namespace

HailstormProducer::HailstormProducer(Network& network, ProducerOptions options)
    : options_(options),
      connection_(network),
      accumulator_(accumulator_options(options)),
      thread_([this] { run(); }) {}

HailstormProducer::~HailstormProducer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  ending_.notify_all();
  connection_.wake();
  thread_.join();
}

Status HailstormProducer::wait_for_room(Lock& lock) {
  (void)wait_driving(lock, TimePoint::max(), [this] {
    return stopping_ || (unacknowledged_ < options_.max_unacknowledged_records &&
                         unacknowledged_bytes_ < kMaxUnacknowledgedBytes);
  });
  if (stopping_) return Error(LogErrc::closed, "the producer was closed");
  return {};
}

template <class Done>
bool HailstormProducer::wait_driving(Lock& lock, TimePoint until, const Done& done) {
  while (!done() && std::chrono::steady_clock::now() < until) {
    if (driving_) {
      changed_.wait_until(lock, until, [&] { return done() || !driving_; });
    } else {
      drive(lock, until, done);
    }
  }
  return done();
}

template <class Done>
void HailstormProducer::drive(Lock& lock, TimePoint until, const Done& done) {
  driving_ = true;
  while (!done()) {
    lock.unlock();
    const int64_t idle_ms = turn();
    changed_.notify_all();
    lock.lock();
    if (done()) break;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    lock.unlock();
    connection_.await(std::min<int64_t>(idle_ms, left.count()));
    lock.lock();
  }
  driving_ = false;
  last_driven_ms_ = clock_.steady_ms();
  changed_.notify_all();
}

Status HailstormProducer::send(const std::string& topic, Record record, DeliveryCallback done) {
  HAIL_RETURN_IF_ERROR(check(options_));
  const size_t bytes = size_of(record);
  HAIL_RETURN_IF_ERROR(check_record(topic, record));
  Lock lock(mutex_);
  HAIL_RETURN_IF_ERROR(wait_for_room(lock));
  ++unacknowledged_;
  unacknowledged_bytes_ += bytes;
  const bool news = accumulator_.append(topic, std::move(record), std::move(done),
                                        clock_.steady_ms(), clock_.wall_ms());
  lock.unlock();
  if (news) send_now();
  return {};
}

Status HailstormProducer::send(const std::string& topic, std::span<const RecordView> records,
                               const BatchCallback& done) {
  HAIL_RETURN_IF_ERROR(check(options_));
  for (const RecordView& record : records) HAIL_RETURN_IF_ERROR(check_record(topic, record));
  while (!records.empty()) {
    Lock lock(mutex_);
    HAIL_RETURN_IF_ERROR(wait_for_room(lock));
    const auto room = static_cast<size_t>(options_.max_unacknowledged_records - unacknowledged_);
    size_t taken = 0;
    const bool news = accumulator_.append(topic, records.first(std::min(room, records.size())),
                                          done, clock_.steady_ms(), clock_.wall_ms(), taken);
    unacknowledged_ += static_cast<int64_t>(taken);
    for (const RecordView& record : records.first(taken)) unacknowledged_bytes_ += size_of(record);
    lock.unlock();
    if (news) send_now();
    if (taken == 0) {
      const RecordView& first = records.front();
      Record record{std::nullopt, std::nullopt, {}, first.timestamp_ms};
      if (first.key) record.key.emplace(*first.key);
      if (first.value) record.value.emplace(*first.value);
      HAIL_RETURN_IF_ERROR(send(topic, std::move(record),
                                [done](const Result<Delivery>& delivery) { done(delivery, 1); }));
      taken = 1;
    }
    records = records.subspan(taken);
  }
  return {};
}

/// On the caller's thread, which saves the way over another. Whoever is at work looks again.
void HailstormProducer::send_now() {
  const std::unique_lock turn(wheel_, std::try_to_lock);
  if (!turn) return connection_.wake();
  const int64_t now_ms = clock_.steady_ms();
  send_due(now_ms);
  if (now_ms + wait_ms(now_ms) < next_turn_ms_) connection_.wake();
}

Status HailstormProducer::flush(int timeout_ms) {
  Lock lock(mutex_);
  const uint64_t last = accumulator_.last_ticket();
  ++flushing_;
  if (driving_) connection_.wake();  // who drives does not know yet that there is a hurry
  const bool done = wait_driving(
      lock, std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms),
      [this, last] { return unacknowledged_ == 0 || oldest_unanswered_ > last || stopping_; });
  --flushing_;
  if (done && !stopping_) return {};
  return Error(LogErrc::unknown_outcome,
               fmt::format("{} records are still unanswered after {} ms; they go on being sent",
                           unacknowledged_, timeout_ms));
}

void HailstormProducer::run() {
  Lock lock(mutex_);
  while (!stopping_) {
    const int64_t rest_ms =
        driving_ ? kStandInMs : last_driven_ms_ + kStandInMs - clock_.steady_ms();
    if (rest_ms > 0) {
      ending_.wait_for(lock, std::chrono::milliseconds(rest_ms));
      continue;
    }
    lock.unlock();
    const int64_t idle_ms = turn();
    changed_.notify_all();
    connection_.await(idle_ms);
    lock.lock();
  }
  lock.unlock();
  const std::lock_guard wheel(wheel_);
  settle_everything();
  changed_.notify_all();
}

int64_t HailstormProducer::turn() {
  const std::lock_guard wheel(wheel_);
  const int64_t now_ms = clock_.steady_ms();
  take_answers(now_ms);
  fail_closed();
  expire(now_ms);
  send_due(now_ms);
  const int64_t idle_ms = wait_ms(now_ms);
  next_turn_ms_ = now_ms + idle_ms;
  return idle_ms;
}

void HailstormProducer::take_answers(int64_t now_ms) {
  Reply reply;
  while (true) {
    const auto event = connection_.next(reply);
    if (event == Connection::Event::nothing) return;
    if (event == Connection::Event::reply) take_reply(reply, now_ms);
    if (event == Connection::Event::lost) lost(now_ms);
  }
}

void HailstormProducer::send_due(int64_t now_ms) {
  collect(now_ms);
  refuse_partitions();
  if (!connection_.connected()) return;
  ask(now_ms);
  transmit(now_ms);
}

bool HailstormProducer::has_room(const TopicPartition& id) const {
  const auto lane = lanes_.find(id);
  return lane == lanes_.end() || lane->second.has_room();
}

void HailstormProducer::collect(int64_t now_ms) {
  const auto room = [this](const TopicPartition& id) {
    return !closed_.contains(id) && has_room(id);
  };
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  for (const std::string& topic : accumulator_.topics_unknown()) directory_.want(topic);
  while (true) {
    auto ready = accumulator_.take_ready(now_ms, flushing_ > 0, room);
    if (ready.empty()) return;
    for (auto& [id, batch] : ready) lanes_[id].add(std::move(batch));
  }
}

/// Reports the records whose topic does not have the partition that they name.
void HailstormProducer::refuse_partitions() {
  std::vector<Accumulator::Ready> refused;
  {
    const std::lock_guard lock(mutex_);
    refused = accumulator_.take_refused();
  }
  for (auto& one : refused) {
    const Error error(LogErrc::refused, fmt::format("topic '{}' has no partition {}", one.id.topic,
                                                    one.id.partition));
    std::vector<Accumulator::Ready> alone;
    alone.push_back(std::move(one));
    settle(std::move(alone), error);
  }
}

void HailstormProducer::expire(int64_t now_ms) {
  const int64_t before_ms = now_ms - options_.delivery_timeout_ms;
  for (auto& [id, lane] : lanes_) settle(id, lane.take_older_than(before_ms));
  std::vector<Accumulator::Ready> expired;
  {
    const std::lock_guard lock(mutex_);
    expired = accumulator_.take_older_than(before_ms);
  }
  settle(std::move(expired), timed_out());

  const bool overdue = std::any_of(pending_.begin(), pending_.end(), [&](const auto& pending) {
    return pending.second.deadline_ms <= now_ms;
  });
  if (!overdue) return;
  log_warn("the broker did not answer in time; connecting anew");
  connection_.reset();
  lost(now_ms);
}

bool HailstormProducer::is_pending(Question question) const {
  return std::any_of(pending_.begin(), pending_.end(), [question](const auto& pending) {
    return pending.second.question == question;
  });
}

/// Batches may be given sequences of the identity that is in use.
bool HailstormProducer::may_begin() const {
  return identity_.id >= 0 && std::none_of(lanes_.begin(), lanes_.end(), [](const auto& lane) {
           return lane.second.needs_restart();
         });
}

void HailstormProducer::ask(int64_t now_ms) {
  if (const auto topics = directory_.due(now_ms);
      !topics.empty() && !is_pending(Question::metadata)) {
    const uint64_t id = connection_.send(Api::metadata, wire::MetadataRequest{topics});
    pending_[id] = {Question::metadata, now_ms + kRequestTimeoutMs, {}, 0};
  }
  if (!may_begin()) ask_identity(now_ms);
}

void HailstormProducer::ask_identity(int64_t now_ms) {
  if (now_ms < ask_identity_at_ms_ || is_pending(Question::identity)) return;
  const auto is_quiet = [](const auto& lane) { return lane.second.quiet(); };
  if (!std::all_of(lanes_.begin(), lanes_.end(), is_quiet)) return;
  const bool fenced = std::any_of(lanes_.begin(), lanes_.end(),
                                  [](const auto& lane) { return lane.second.fenced(); });
  if (fenced) identity_ = {};
  const uint64_t id = connection_.send(Api::init_producer_id,
                                       wire::InitProducerIdRequest{identity_.id, identity_.epoch});
  pending_[id] = {Question::identity, now_ms + kRequestTimeoutMs, {}, 0};
}

void HailstormProducer::transmit(int64_t now_ms) {
  if (identity_.id < 0) return;
  const bool begins = may_begin();
  const wire::Acks acks = options_.acks_all ? wire::Acks::all : wire::Acks::leader;
  for (auto& [id, lane] : lanes_) {
    while (auto outgoing = lane.next(identity_, now_ms, begins)) {
      const uint64_t correlation_id =
          connection_.send(Api::produce, wire::ProduceRequest{id.topic, id.partition, acks},
                           std::move(outgoing->bytes));
      pending_[correlation_id] = {Question::produce, now_ms + kRequestTimeoutMs, id,
                                  outgoing->token};
    }
  }
}

int64_t HailstormProducer::wait_ms(int64_t now_ms) {
  int64_t due_ms = now_ms + std::clamp<int64_t>(options_.delivery_timeout_ms / 10, 1, kMaxWaitMs);
  if (connection_.connected()) {
    for (const auto& [id, lane] : lanes_) {
      due_ms = std::min(due_ms, lane.next_due_ms(may_begin()));
    }
    if (!is_pending(Question::metadata)) due_ms = std::min(due_ms, directory_.next_due_ms());
  }
  const std::lock_guard lock(mutex_);
  due_ms =
      std::min(due_ms, accumulator_.next_due_ms([this](const auto& id) { return has_room(id); }));
  return std::max<int64_t>(due_ms - now_ms, 0);
}

void HailstormProducer::take_reply(const Reply& reply, int64_t now_ms) {
  const auto found = pending_.find(reply.correlation_id);
  if (found == pending_.end()) return;
  const Pending pending = std::move(found->second);
  pending_.erase(found);
  switch (pending.question) {
    case Question::produce:
      return take_produced(pending, reply, now_ms);
    case Question::metadata:
      return take_metadata(reply, now_ms);
    case Question::identity:
      return take_identity(reply, now_ms);
  }
}

void HailstormProducer::take_produced(const Pending& pending, const Reply& reply, int64_t now_ms) {
  const auto body = body_of<wire::ProduceReply>(reply);
  // Its limit, its partitions, or that it is there: what is known of the topic may be old.
  if (body.outcome.code == ErrorCode::unknown_topic_or_partition ||
      body.outcome.code == ErrorCode::message_too_large) {
    directory_.doubt(pending.id.topic, now_ms);
  }
  tell_refusal(pending.id, body.outcome);
  Lane& lane = lanes_[pending.id];
  settle(pending.id, lane.answered(pending.token, body.outcome, body.base_offset, now_ms));
  if (body.outcome.code == ErrorCode::storage_error) fail_sent(pending.id, body.outcome);
}

/// One line when the broker begins to refuse, with its reason, and one when it takes records again.
void HailstormProducer::tell_refusal(const TopicPartition& id, const wire::Outcome& outcome) {
  if (outcome.code == ErrorCode::none) {
    if (refused_with_) log_info("the broker takes records again", {{"topic", id.topic}});
    refused_with_.reset();
    return;
  }
  if (!may_pass(outcome.code) || refused_with_ == outcome.code) return;
  refused_with_ = outcome.code;
  log_warn("the broker takes no records now; they wait and are sent again",
           {{"topic", id.topic}, {"partition", id.partition}, error_of(outcome)});
}

void HailstormProducer::take_identity(const Reply& reply, int64_t now_ms) {
  const auto body = body_of<wire::InitProducerIdReply>(reply);
  if (body.outcome.code != ErrorCode::none) {
    // A fresh id is never refused for good: what was wrong is the old one.
    if (!wire::is_retriable(body.outcome.code)) identity_ = {};
    ask_identity_at_ms_ = now_ms + kIdentityPauseMs;
    return;
  }
  identity_ = {body.producer_id, body.producer_epoch};
  for (auto& [id, lane] : lanes_) lane.restart();
}

void HailstormProducer::lost(int64_t now_ms) {
  pending_.clear();
  directory_.ask_all(now_ms);  // the broker may have been started again
  reopen_all();
  for (auto& [id, lane] : lanes_) lane.lost();
  ask_identity_at_ms_ = std::min(ask_identity_at_ms_, now_ms);
}

void HailstormProducer::settle(const TopicPartition& id, std::vector<Lane::Settled> settled) {
  if (settled.empty()) return;
  int64_t records = 0;
  size_t bytes = 0;
  for (const Lane::Settled& one : settled) {
    int64_t offset = one.base_offset.ok() ? *one.base_offset : -1;
    for (const Waiter& waiter : one.batch.waiters) {
      const Result<Delivery> delivery = one.base_offset.ok()
                                            ? Result<Delivery>(Delivery{id, offset})
                                            : Result<Delivery>(one.base_offset.error());
      if (waiter.one) waiter.one(delivery);
      if (waiter.many) waiter.many(delivery, waiter.record_count);
      if (offset >= 0) offset += waiter.record_count;
    }
    records += one.batch.record_count;
    bytes += one.batch.bytes;
  }
  const std::lock_guard lock(mutex_);
  unacknowledged_ -= records;
  unacknowledged_bytes_ -= bytes;
  oldest_unanswered_ = std::min(accumulator_.oldest_ticket(), accumulator_.last_ticket() + 1);
  for (const auto& [other, lane] : lanes_) {
    oldest_unanswered_ = std::min(oldest_unanswered_, lane.oldest_ticket());
  }
}

void HailstormProducer::settle(std::vector<Accumulator::Ready> ready, const Error& error) {
  for (auto& [id, batch] : ready) {
    std::vector<Lane::Settled> one;
    one.push_back({std::move(batch), error});
    settle(id, std::move(one));
  }
}

void HailstormProducer::settle_everything() {
  const Error error(LogErrc::unknown_outcome,
                    "the producer was closed before the broker answered for the record");
  std::vector<Accumulator::Ready> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting = accumulator_.take_all();
  }
  for (auto& [id, lane] : lanes_) settle(id, lane.take_all(error));
  settle(std::move(waiting), error);
}

}  // namespace hailstorm::log::hail
