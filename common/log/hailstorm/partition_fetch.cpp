#include "common/log/hailstorm/partition_fetch.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <utility>

#include "common/base/logging.h"
#include "common/log/hailstorm/broker_errors.h"

namespace hailstorm::log::hail {
namespace {

using wire::ErrorCode;

constexpr int64_t kFetchPauseMs = 200;
constexpr int64_t kClosedFetchPauseMs = 1'000;
// More is fetched while the rest is being read.
constexpr size_t kLowBytes = 512 << 10;

}  // namespace

void PartitionFetch::read_for_group(const Uuid& topic_id) {
  topic_id_ = topic_id;
  is_in_group_ = true;
}

void PartitionFetch::begin_at(int64_t offset) {
  need_ = Need::records;
  fetch_offset_ = position_ = offset;
  high_watermark_ = -1;
}

void PartitionFetch::begin_no_later_than(const Position& position, OffsetReset reset,
                                         uint64_t number) {
  const bool is_of_topic = position.topic_id.is_zero() || position.topic_id == topic_id_;
  latest_begin_ = is_of_topic ? position.offset : 0;
  const bool is_later = need_ == Need::records
                            ? position_ > *latest_begin_
                            : need_ == Need::reset && reset == OffsetReset::latest;
  if (!is_later) return;
  number_ = number;
  is_requested_ = is_corrupt_ = false;
  queue_ = {};
  begin_at(*latest_begin_);
}

bool PartitionFetch::wants_more() const {
  // Before reading begins at another place, what is buffered is read, which comes before it.
  if (need_ != Need::records) return queue_.empty();
  return queue_.size_bytes() < kLowBytes;
}

bool PartitionFetch::is_due(Need need, int64_t now_ms) const {
  return need_ == need && !is_requested_ && not_before_ms_ <= now_ms && wants_more();
}

int64_t PartitionFetch::next_due_ms() const {
  const bool may_be_due = !is_requested_ && wants_more();
  return may_be_due ? not_before_ms_ : std::numeric_limits<int64_t>::max();
}

void PartitionFetch::on_committed(int64_t offset, OffsetReset reset) {
  is_requested_ = false;
  if (offset >= 0) {
    begin_at(std::min(offset, latest_begin_.value_or(offset)));
  } else if (latest_begin_ && reset == OffsetReset::latest) {
    begin_at(*latest_begin_);
  } else {
    need_ = offset == wire::kNewToGroup ? Need::start : Need::reset;
  }
}

/// Members of a group learn from the group which topic to read next.
bool PartitionFetch::is_made_again(const wire::Outcome& outcome) const {
  return outcome.code == ErrorCode::unknown_topic_id && !is_in_group_;
}

void PartitionFetch::close(const Error& why, int64_t now_ms) {
  closed_ = why.message();
  not_before_ms_ = now_ms + kClosedFetchPauseMs;
}

void PartitionFetch::on_begin(const wire::ListedOffset& listed, int64_t now_ms) {
  is_requested_ = false;
  if (listed.outcome.code == ErrorCode::none) {
    topic_id_ = listed.id.topic_id;
    begin_at(listed.offset);
  } else if (listed.outcome.code == ErrorCode::storage_error) {
    close(error_of(listed.outcome), now_ms);
  } else {
    not_before_ms_ = now_ms + kFetchPauseMs;
    if (is_made_again(listed.outcome)) need_ = Need::start;
  }
}

Status PartitionFetch::on_fetched(const wire::FetchedPartition& fetched, Frame data,
                                  int64_t now_ms) {
  is_requested_ = false;
  if (fetched.outcome.code != ErrorCode::none) return on_fetch_error(fetched, now_ms);
  topic_id_ = fetched.id.topic_id;
  high_watermark_ = fetched.high_watermark;
  if (!is_corrupt_) closed_.clear();
  if (data.bytes.empty()) return {};
  const auto next = queue_.push(std::move(data), fetch_offset_);
  if (next.ok()) {
    fetch_offset_ = *next;
    return {};
  }
  close(next.error(), now_ms);
  return Error(LogErrc::corrupt, fmt::format("{}-{}: {}", fetched.id.topic, fetched.id.partition,
                                             next.error().message()));
}

Status PartitionFetch::on_fetch_error(const wire::FetchedPartition& fetched, int64_t now_ms) {
  if (fetched.outcome.code == ErrorCode::offset_out_of_range) {
    // Retention may pass a slow reader.
    log_warn("the position is outside of the log; beginning again",
             {{"topic", fetched.id.topic},
              {"partition", fetched.id.partition},
              {"position", fetch_offset_},
              {"log_start_offset", fetched.log_start_offset},
              {"high_watermark", fetched.high_watermark}});
    need_ = Need::reset;
    return {};
  }
  if (fetched.outcome.code == ErrorCode::storage_error) {
    // One that takes no more writes gives all that it has before it answers so.
    if (fetched.high_watermark >= 0) high_watermark_ = fetched.high_watermark;
    close(error_of(fetched.outcome), now_ms);
    return {};
  }
  if (is_made_again(fetched.outcome)) {
    need_ = Need::start;
    return error_of(fetched.outcome);
  }
  not_before_ms_ = now_ms + kFetchPauseMs;
  // The group will revoke it.
  if (fetched.outcome.code == ErrorCode::unknown_topic_id) return {};
  if (wire::is_retriable(fetched.outcome.code)) return {};
  return error_of(fetched.outcome);
}

void PartitionFetch::on_failure(int64_t now_ms) {
  is_requested_ = false;
  not_before_ms_ = now_ms + kFetchPauseMs;
}

void PartitionFetch::on_connection_lost() {
  is_requested_ = false;
  if (!std::exchange(is_corrupt_, false)) return;
  // A broker that was started again may have it whole.
  queue_ = {};
  fetch_offset_ = position_;
}

Result<size_t> PartitionFetch::take(const TopicPartition& id, size_t max,
                                    const RecordQueue::Visitor& visit) {
  auto taken = queue_.take(id, max, position_, visit);
  if (taken.ok()) return taken;
  is_corrupt_ = true;
  closed_ = taken.error().message();
  return taken;
}

int64_t PartitionFetch::lag() const { return std::max<int64_t>(high_watermark_ - position_, 0); }

std::string PartitionFetch::closed_reason() const {
  const bool is_read = queue_.empty() || is_corrupt_;
  return is_read ? closed_ : "";
}

}  // namespace hailstorm::log::hail
