#include "common/log/hailstorm/in_flight_batches.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "common/base/check.h"
#include "common/log/hailstorm/broker_errors.h"
#include "common/log/hailstorm/split_batch.h"

namespace hailstorm::log::hail {
namespace {

using wire::ErrorCode;

constexpr int64_t kFirstPauseMs = 50;
constexpr int64_t kMaxPauseMs = 1'000;

/// A record is why the broker refused its batch, and the same record is refused at every time.
bool concerns_a_record(ErrorCode code) {
  switch (code) {
    case ErrorCode::corrupt_message:
    case ErrorCode::message_too_large:
    case ErrorCode::invalid_timestamp:
    case ErrorCode::invalid_record:
      return true;
    default:
      return false;
  }
}

Error refusal_of(const wire::Outcome& outcome) {
  Error error = error_of(outcome);
  const bool concerns_the_broker = outcome.code == ErrorCode::unknown_server_error ||
                                   outcome.code == ErrorCode::unsupported_version;
  return concerns_the_broker ? Error(LogErrc::not_now, error.message()) : error;
}

Error expired_after(const std::string& refusal) {
  const std::string why =
      refusal.empty()
          ? "no answer from the broker within the delivery timeout"
          : "the broker did not take the record within the delivery timeout (" + refusal + ")";
  return {LogErrc::unknown_outcome, why + "; the record may have been written or not"};
}

}  // namespace

uint64_t InFlightBatches::oldest_ticket() const {
  uint64_t oldest = std::numeric_limits<uint64_t>::max();
  for (const Entry& entry : entries_) oldest = std::min(oldest, entry.batch.first_ticket);
  return oldest;
}

void InFlightBatches::add(Batch batch) {
  HAIL_CHECK(has_room());
  entries_.emplace_back().batch = std::move(batch);
}

void InFlightBatches::give_sequence(Entry& entry, const ProducerIdentity& identity) {
  std::vector<uint8_t> bytes;
  if (entry.bytes != nullptr) {
    bytes = with_sequence(*entry.bytes, identity, next_sequence_);
  } else {
    entry.batch.builder.set_producer(identity.id, identity.epoch, next_sequence_);
    bytes = entry.batch.builder.finish(0, codec_);
  }
  entry.bytes = std::make_shared<const std::vector<uint8_t>>(std::move(bytes));
  next_sequence_ = sequence_after(next_sequence_, entry.batch.record_count);
}

std::optional<InFlightBatches::Outgoing> InFlightBatches::next(const ProducerIdentity& identity,
                                                               int64_t now_ms, bool may_begin) {
  if (now_ms < not_before_ms_) return std::nullopt;
  bool first = true;  // nothing before it is unanswered
  for (size_t i = 0; i < std::min(entries_.size(), kMaxBatches); ++i) {
    Entry& entry = entries_[i];
    if (entry.state == State::fresh) {
      if (!may_begin || needs_restart_) return std::nullopt;
      give_sequence(entry, identity);
      entry.state = State::waiting;
    }
    if (entry.state == State::waiting) {
      entry.state = State::sent;
      entry.token = ++last_token_;
      entry.sent_first = first;
      return Outgoing{entry.bytes, entry.token};
    }
    first = first && entry.state == State::done;
  }
  return std::nullopt;
}

int64_t InFlightBatches::next_due_ms(bool may_begin) const {
  const bool begins = may_begin && !needs_restart_;
  const auto end = entries_.begin() + static_cast<int64_t>(std::min(entries_.size(), kMaxBatches));
  const bool waits = std::any_of(entries_.begin(), end, [&](const Entry& entry) {
    return entry.state == State::waiting || (begins && entry.state == State::fresh);
  });
  return waits && not_before_ms_ > 0 ? not_before_ms_ : std::numeric_limits<int64_t>::max();
}

void InFlightBatches::pause(int64_t now_ms) {
  pause_ms_ = std::clamp(pause_ms_ * 2, kFirstPauseMs, kMaxPauseMs);
  not_before_ms_ = now_ms + pause_ms_;
}

void InFlightBatches::apply_gap(Entry& entry, const wire::Outcome& outcome, int64_t now_ms) {
  // Nothing was written. That is expected after a batch that is unanswered, or was when this one
  // was sent: the same bytes will be taken in their order.
  if (outcome.code == ErrorCode::invalid_producer_epoch) fenced_ = needs_restart_ = true;
  if (entry.sent_first) needs_restart_ = true;
  if (needs_restart_) {
    entry.state = State::fresh;
    return;
  }
  entry.state = State::waiting;
  pause(now_ms);
}

void InFlightBatches::apply(Entry& entry, const wire::Outcome& outcome, int64_t base_offset,
                            int64_t now_ms) {
  switch (outcome.code) {
    case ErrorCode::none:
    case ErrorCode::duplicate_sequence_number:
      entry.state = State::done;
      entry.result = outcome.code == ErrorCode::none ? base_offset : -1;
      pause_ms_ = not_before_ms_ = 0;
      refusal_.clear();
      return;
    case ErrorCode::out_of_order_sequence_number:
    case ErrorCode::unknown_producer_id:
    case ErrorCode::invalid_producer_epoch:
      return apply_gap(entry, outcome, now_ms);
    default:
      break;
  }
  if (wire::is_retriable(outcome.code)) {
    entry.state = State::waiting;
    refusal_ = error_of(outcome).message();
    return pause(now_ms);
  }
  entry.state = State::done;
  entry.result = refusal_of(outcome);
  needs_restart_ = true;
}

/// Nothing of the batch was written, and one record may be why. Those after it were not written
/// either, because their sequences leave a gap, so the order stays.
void InFlightBatches::split(std::deque<Entry>::iterator at) {
  auto halves = split_batch(std::move(at->batch), *at->bytes);
  *at = Entry{};
  at->batch = std::move(halves.first);
  entries_.insert(at + 1, Entry{})->batch = std::move(halves.second);
  needs_restart_ = true;
}

std::vector<InFlightBatches::Completed> InFlightBatches::on_reply(uint64_t token,
                                                                  const wire::Outcome& outcome,
                                                                  int64_t base_offset,
                                                                  int64_t now_ms) {
  const auto entry = std::find_if(entries_.begin(), entries_.end(), [token](const Entry& one) {
    return one.state == State::sent && one.token == token;
  });
  if (entry == entries_.end()) return {};
  if (concerns_a_record(outcome.code) && entry->batch.record_count > 1) {
    split(entry);
  } else {
    apply(*entry, outcome, base_offset, now_ms);
  }
  return take_done();
}

std::vector<InFlightBatches::Completed> InFlightBatches::take_done() {
  std::vector<Completed> completed;
  while (!entries_.empty() && entries_.front().state == State::done) {
    Entry& entry = entries_.front();
    completed.push_back({std::move(entry.batch), std::move(*entry.result)});
    entries_.pop_front();
  }
  return completed;
}

void InFlightBatches::on_connection_lost() {
  for (Entry& entry : entries_) {
    if (entry.state == State::sent) entry.state = State::waiting;
  }
  pause_ms_ = not_before_ms_ = 0;
}

void InFlightBatches::fail(Entry& entry, const Error& error) {
  if (entry.state == State::done) return;
  if (entry.state != State::fresh) needs_restart_ = true;
  entry.state = State::done;
  entry.result = error;
}

std::vector<InFlightBatches::Completed> InFlightBatches::expire(int64_t before_ms) {
  for (Entry& entry : entries_) {
    if (entry.batch.opened_ms < before_ms) fail(entry, expired_after(refusal_));
  }
  return take_done();
}

std::vector<Batch> InFlightBatches::take_unsent() {
  std::vector<Batch> unsent;
  for (Entry& entry : entries_) {
    if (entry.bytes == nullptr && entry.state == State::fresh)
      unsent.push_back(std::move(entry.batch));
  }
  std::erase_if(entries_, [](const Entry& entry) {
    return entry.bytes == nullptr && entry.state == State::fresh;
  });
  return unsent;
}

std::vector<InFlightBatches::Completed> InFlightBatches::fail_all(const Error& error) {
  for (Entry& entry : entries_) fail(entry, error);
  return take_done();
}

bool InFlightBatches::quiet() const {
  return std::none_of(entries_.begin(), entries_.end(), [](const Entry& entry) {
    return entry.state == State::waiting || entry.state == State::sent;
  });
}

void InFlightBatches::restart() {
  HAIL_CHECK(quiet());
  next_sequence_ = 0;
  needs_restart_ = false;
  fenced_ = false;
  pause_ms_ = not_before_ms_ = 0;
}

}  // namespace hailstorm::log::hail
