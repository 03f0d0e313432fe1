#include "common/log/hailstorm/fetch_state.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <utility>

#include "common/base/logging.h"
#include "common/log/hailstorm/broker_errors.h"

namespace hailstorm::log::hail {
namespace {

using wire::ErrorCode;

constexpr int64_t kPauseMs = 200;
constexpr int64_t kClosedPauseMs = 1'000;
constexpr int32_t kMaxPartitionBytes = 1 << 20;
constexpr int32_t kMaxFetchBytes = 4 << 20;
// More is fetched while the rest is being read.
constexpr size_t kLowBytes = 512 << 10;

TopicPartition from_wire(const wire::TopicPartition& id) { return {id.topic, id.partition}; }

}  // namespace

FetchState::Partition& FetchState::add_new(const TopicPartition& id) {
  Partition& partition = partitions_[id];
  partition = {};
  partition.number = ++last_number_;
  return partition;
}

void FetchState::add(const TopicPartition& id, const Uuid& topic_id) {
  Partition& partition = add_new(id);
  partition.topic_id = topic_id;
  partition.in_group = true;
}

void FetchState::add(const Position& position) {
  Partition& partition = add_new(position.id);
  partition.topic_id = position.topic_id;
  begin_at(partition, position.offset);
}

void FetchState::begin_no_later_than(const Position& position) {
  const auto at = partitions_.find(position.id);
  if (at == partitions_.end()) return;
  Partition& partition = at->second;
  const bool is_of_it = position.topic_id.is_zero() || position.topic_id == partition.topic_id;
  partition.latest_begin = is_of_it ? position.offset : 0;
  const bool is_later = partition.need == Need::records
                            ? partition.position > *partition.latest_begin
                            : partition.need == Need::reset && reset_ == OffsetReset::latest;
  if (!is_later) return;
  // An answer that is under way is for the number before.
  partition.number = ++last_number_;
  partition.asking = partition.is_corrupt = false;
  partition.queue = {};
  begin_at(partition, *partition.latest_begin);
}

void FetchState::remove(const TopicPartition& id) { partitions_.erase(id); }

void FetchState::begin_at(Partition& partition, int64_t offset) {
  partition.need = Need::records;
  partition.fetch_offset = partition.position = offset;
  partition.high_watermark = -1;
}

void FetchState::close(Partition& partition, const Error& why, int64_t now_ms) {
  partition.closed = why.message();
  partition.not_before_ms = now_ms + kClosedPauseMs;
}

bool FetchState::wants_more(const Partition& partition) {
  // Before a reader begins again, it reads what is buffered, which comes from before.
  if (partition.need != Need::records) return partition.queue.empty();
  return partition.queue.size_bytes() < kLowBytes;
}

FetchState::Asked FetchState::ask(Need need, int64_t now_ms) {
  Asked asked;
  for (auto& [id, partition] : partitions_) {
    if (partition.need != need || partition.asking || partition.not_before_ms > now_ms) continue;
    if (!wants_more(partition)) continue;
    partition.asking = true;
    asked[id] = partition.number;
  }
  return asked;
}

int64_t FetchState::next_due_ms() const {
  int64_t due_ms = std::numeric_limits<int64_t>::max();
  for (const auto& [id, partition] : partitions_) {
    if (!partition.asking && wants_more(partition)) {
      due_ms = std::min(due_ms, partition.not_before_ms);
    }
  }
  return due_ms;
}

wire::TopicPartition FetchState::named(const TopicPartition& id) const {
  return {id.topic, id.partition, partitions_.at(id).topic_id};
}

Uuid FetchState::topic_id(const TopicPartition& id) const {
  const auto at = partitions_.find(id);
  return at == partitions_.end() ? Uuid() : at->second.topic_id;
}

wire::FetchRequest FetchState::fetch_request(const Asked& asked) const {
  wire::FetchRequest request;
  request.max_bytes = kMaxFetchBytes;
  request.max_wait_ms = max_wait_ms_;
  for (const auto& [id, number] : asked) {
    const Partition& partition = partitions_.at(id);
    request.partitions.push_back({named(id), partition.fetch_offset, kMaxPartitionBytes});
    // Where the end of the log is not known yet, it should be soon.
    if (partition.high_watermark < 0) request.max_wait_ms = 0;
  }
  return request;
}

wire::OffsetFetchRequest FetchState::committed_request(const std::string& group,
                                                       const Asked& asked) const {
  wire::OffsetFetchRequest request{group, {}};
  for (const auto& [id, number] : asked) request.partitions.push_back(named(id));
  return request;
}

wire::ListOffsetsRequest FetchState::begin_request(Need need, const Asked& asked) const {
  const bool at_start = need == Need::start || reset_ == OffsetReset::earliest;
  wire::ListOffsetsRequest request;
  request.timestamp_ms = at_start ? wire::kEarliest : wire::kLatest;
  for (const auto& [id, number] : asked) {
    const bool may_be_another = need == Need::start && !partitions_.at(id).in_group;
    request.partitions.push_back(may_be_another ? wire::TopicPartition{id.topic, id.partition}
                                                : named(id));
  }
  return request;
}

FetchState::Partition* FetchState::find(const Asked& asked, const TopicPartition& id) {
  const auto question = asked.find(id);
  const auto at = partitions_.find(id);
  if (question == asked.end() || at == partitions_.end()) return nullptr;
  return at->second.number == question->second ? &at->second : nullptr;
}

void FetchState::committed(const Asked& asked, const wire::OffsetFetchReply& reply) {
  for (const auto& offset : reply.offsets) {
    Partition* partition = find(asked, from_wire(offset.id));
    if (partition == nullptr) continue;
    partition->asking = false;
    const auto latest = partition->latest_begin;
    if (offset.offset >= 0) {
      begin_at(*partition, std::min(offset.offset, latest.value_or(offset.offset)));
    } else if (latest && reset_ == OffsetReset::latest) {
      begin_at(*partition, *latest);
    } else {
      partition->need = offset.offset == wire::kNewToGroup ? Need::start : Need::reset;
    }
  }
}

/// A group's member hears from the group which topic it reads next.
bool FetchState::is_made_again(const Partition& partition, const wire::Outcome& outcome) {
  return outcome.code == ErrorCode::unknown_topic_id && !partition.in_group;
}

void FetchState::found(const Asked& asked, const wire::ListOffsetsReply& reply, int64_t now_ms) {
  for (const auto& listed : reply.offsets) {
    Partition* partition = find(asked, from_wire(listed.id));
    if (partition == nullptr) continue;
    partition->asking = false;
    if (listed.outcome.code == ErrorCode::none) {
      partition->topic_id = listed.id.topic_id;
      begin_at(*partition, listed.offset);
    } else if (listed.outcome.code == ErrorCode::storage_error) {
      close(*partition, error_of(listed.outcome), now_ms);
    } else {
      partition->not_before_ms = now_ms + kPauseMs;
      if (is_made_again(*partition, listed.outcome)) partition->need = Need::start;
    }
  }
}

Status FetchState::fetched(const Asked& asked, const wire::FetchReply& reply,
                           std::vector<Frame> data, int64_t now_ms) {
  Status first;
  size_t next_frame = 0;
  for (const auto& fetched : reply.partitions) {
    Frame frame;
    if (fetched.data_bytes > 0 && next_frame < data.size()) frame = std::move(data[next_frame++]);
    const TopicPartition id = from_wire(fetched.id);
    Partition* partition = find(asked, id);
    if (partition == nullptr) continue;
    partition->asking = false;
    auto taken = take_fetched(id, *partition, fetched, std::move(frame), now_ms);
    if (first.ok()) first = std::move(taken);
  }
  return first;
}

Status FetchState::take_fetched(const TopicPartition& id, Partition& partition,
                                const wire::FetchedPartition& fetched, Frame data, int64_t now_ms) {
  if (fetched.outcome.code == ErrorCode::none) {
    partition.topic_id = fetched.id.topic_id;
    partition.high_watermark = fetched.high_watermark;
    if (!partition.is_corrupt) partition.closed.clear();
    if (data.bytes.empty()) return {};
    const auto next = partition.queue.push(std::move(data), partition.fetch_offset);
    if (next.ok()) {
      partition.fetch_offset = *next;
      return {};
    }
    const Error& why = next.error();
    close(partition, why, now_ms);
    return Error(LogErrc::corrupt, fmt::format("{}-{}: {}", id.topic, id.partition, why.message()));
  }
  if (fetched.outcome.code == ErrorCode::offset_out_of_range) {
    // Retention may pass a slow reader.
    log_warn("the position is outside of the log; beginning anew",
             {{"topic", id.topic},
              {"partition", id.partition},
              {"position", partition.fetch_offset},
              {"log_start_offset", fetched.log_start_offset},
              {"high_watermark", fetched.high_watermark}});
    partition.need = Need::reset;
    return {};
  }
  if (fetched.outcome.code == ErrorCode::storage_error) {
    // One that takes no more writes gives all that it has before it answers so.
    if (fetched.high_watermark >= 0) partition.high_watermark = fetched.high_watermark;
    close(partition, error_of(fetched.outcome), now_ms);
    return {};
  }
  if (is_made_again(partition, fetched.outcome)) {
    partition.need = Need::start;
    return error_of(fetched.outcome);
  }
  partition.not_before_ms = now_ms + kPauseMs;
  // The group will take it back.
  if (fetched.outcome.code == ErrorCode::unknown_topic_id) return {};
  if (wire::is_retriable(fetched.outcome.code)) return {};
  return error_of(fetched.outcome);
}

void FetchState::failed(const Asked& asked, int64_t now_ms) {
  for (const auto& [id, number] : asked) {
    Partition* partition = find(asked, id);
    if (partition == nullptr) continue;
    partition->asking = false;
    partition->not_before_ms = now_ms + kPauseMs;
  }
}

void FetchState::lost() {
  for (auto& [id, partition] : partitions_) {
    partition.asking = false;
    if (!std::exchange(partition.is_corrupt, false)) continue;
    // A broker that was started again may have it whole.
    partition.queue = {};
    partition.fetch_offset = partition.position;
  }
}

bool FetchState::has_records() const {
  return std::any_of(partitions_.begin(), partitions_.end(),
                     [](const auto& partition) { return !partition.second.queue.empty(); });
}

Result<size_t> FetchState::take(size_t max, const Visitor& visit) {
  size_t count = 0;
  Status first;
  auto at = partitions_.upper_bound(last_taken_);
  for (size_t turn = 0; turn < partitions_.size() && count < max; ++turn) {
    if (at == partitions_.end()) at = partitions_.begin();
    auto& [id, partition] = *at++;
    last_taken_ = id;
    const auto taken =
        partition.queue.take(id, max - count, partition.position,
                             [&, &of = id, &topic_id = partition.topic_id](
                                 const wire::RecordView& record, const Undecodable* place) {
                               visit(of, topic_id, record, place);
                             });
    if (taken.ok()) {
      count += *taken;
      continue;
    }
    partition.is_corrupt = true;
    partition.closed = taken.error().message();
    if (first.ok()) first = taken.error();
  }
  if (count == 0 && !first.ok()) return std::move(first).error();
  return count;
}

std::vector<TopicPartition> FetchState::known() const {
  std::vector<TopicPartition> ids;
  for (const auto& [id, partition] : partitions_) {
    if (partition.high_watermark >= 0) ids.push_back(id);
  }
  return ids;
}

std::vector<ClosedPartition> FetchState::closed() const {
  std::vector<ClosedPartition> all;
  for (const auto& [id, partition] : partitions_) {
    const bool is_read = partition.queue.empty() || partition.is_corrupt;
    if (!partition.closed.empty() && is_read) all.push_back({id, partition.closed});
  }
  return all;
}

int64_t FetchState::lag() const {
  int64_t lag = 0;
  for (const auto& [id, partition] : partitions_) {
    lag += std::max<int64_t>(partition.high_watermark - partition.position, 0);
  }
  return lag;
}

}  // namespace hailstorm::log::hail
