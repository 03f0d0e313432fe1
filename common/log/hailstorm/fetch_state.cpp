#include "common/log/hailstorm/fetch_state.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "common/log/hailstorm/topic_ids.h"

namespace hailstorm::log::hail {
namespace {

constexpr int32_t kMaxPartitionBytes = 1 << 20;
constexpr int32_t kMaxFetchBytes = 4 << 20;

ConsumedView view_of(const wire::RecordView& record, const Uuid& topic_id,
                     const Undecodable* undecodable) {
  return {record.offset, record.timestamp_ms, record.key,    record.value,
          topic_id,      undecodable,         record.headers};
}

}  // namespace

PartitionFetch& FetchState::add_new(const TopicPartition& id) {
  return partitions_.insert_or_assign(id, PartitionFetch(++last_number_)).first->second;
}

void FetchState::add(const TopicPartition& id, const Uuid& topic_id) {
  add_new(id).read_for_group(topic_id);
}

void FetchState::add(const Position& position) {
  PartitionFetch& partition = add_new(position.id);
  partition.set_topic_id(position.topic_id);
  partition.begin_at(position.offset);
}

void FetchState::begin_no_later_than(const Position& position) {
  const auto at = partitions_.find(position.id);
  if (at == partitions_.end()) return;
  at->second.begin_no_later_than(position, reset_, ++last_number_);
}

FetchState::Requested FetchState::start_request(Need need, int64_t now_ms) {
  Requested requested;
  for (auto& [id, partition] : partitions_) {
    if (!partition.is_due(need, now_ms)) continue;
    partition.set_requested();
    requested[id] = partition.number();
  }
  return requested;
}

int64_t FetchState::next_due_ms() const {
  int64_t due_ms = std::numeric_limits<int64_t>::max();
  for (const auto& [id, partition] : partitions_)
    due_ms = std::min(due_ms, partition.next_due_ms());
  return due_ms;
}

wire::TopicPartition FetchState::with_topic_id(const TopicPartition& id) const {
  return to_wire(id, partitions_.at(id).topic_id());
}

Uuid FetchState::topic_id(const TopicPartition& id) const {
  const auto at = partitions_.find(id);
  return at == partitions_.end() ? Uuid() : at->second.topic_id();
}

wire::FetchRequest FetchState::fetch_request(const Requested& requested) const {
  wire::FetchRequest request;
  request.max_bytes = kMaxFetchBytes;
  request.max_wait_ms = max_wait_ms_;
  for (const auto& [id, number] : requested) {
    const PartitionFetch& partition = partitions_.at(id);
    request.partitions.push_back({with_topic_id(id), partition.fetch_offset(), kMaxPartitionBytes});
    // Where the end of the log is not known yet, it should be soon.
    if (!partition.knows_end()) request.max_wait_ms = 0;
  }
  return request;
}

wire::OffsetFetchRequest FetchState::committed_request(const std::string& group,
                                                       const Requested& requested) const {
  wire::OffsetFetchRequest request{group, {}};
  for (const auto& [id, number] : requested) request.partitions.push_back(with_topic_id(id));
  return request;
}

wire::ListOffsetsRequest FetchState::begin_request(Need need, const Requested& requested) const {
  const bool at_start = need == Need::start || reset_ == OffsetReset::earliest;
  wire::ListOffsetsRequest request;
  request.timestamp_ms = at_start ? wire::kEarliest : wire::kLatest;
  for (const auto& [id, number] : requested) {
    const bool may_be_another = need == Need::start && !partitions_.at(id).is_in_group();
    request.partitions.push_back(may_be_another ? to_wire(id) : with_topic_id(id));
  }
  return request;
}

PartitionFetch* FetchState::find(const Requested& requested, const TopicPartition& id) {
  const auto request = requested.find(id);
  const auto at = partitions_.find(id);
  if (request == requested.end() || at == partitions_.end()) return nullptr;
  return at->second.number() == request->second ? &at->second : nullptr;
}

void FetchState::on_committed(const Requested& requested, const wire::OffsetFetchReply& reply) {
  for (const auto& committed : reply.offsets) {
    PartitionFetch* partition = find(requested, from_wire(committed.id));
    if (partition != nullptr) partition->on_committed(committed.offset, reset_);
  }
}

void FetchState::on_begin(const Requested& requested, const wire::ListOffsetsReply& reply,
                          int64_t now_ms) {
  for (const auto& listed : reply.offsets) {
    PartitionFetch* partition = find(requested, from_wire(listed.id));
    if (partition != nullptr) partition->on_begin(listed, now_ms);
  }
}

Status FetchState::on_fetched(const Requested& requested, const wire::FetchReply& reply,
                              std::vector<Frame> data, int64_t now_ms) {
  Status first;
  size_t next_frame = 0;
  for (const auto& fetched : reply.partitions) {
    Frame frame;
    if (fetched.data_bytes > 0 && next_frame < data.size()) frame = std::move(data[next_frame++]);
    PartitionFetch* partition = find(requested, from_wire(fetched.id));
    if (partition == nullptr) continue;
    auto taken = partition->on_fetched(fetched, std::move(frame), now_ms);
    if (first.ok()) first = std::move(taken);
  }
  return first;
}

void FetchState::on_failure(const Requested& requested, int64_t now_ms) {
  for (const auto& [id, number] : requested) {
    PartitionFetch* partition = find(requested, id);
    if (partition != nullptr) partition->on_failure(now_ms);
  }
}

void FetchState::on_connection_lost() {
  for (auto& [id, partition] : partitions_) partition.on_connection_lost();
}

bool FetchState::has_records() const {
  return std::any_of(partitions_.begin(), partitions_.end(),
                     [](const auto& partition) { return partition.second.has_records(); });
}

Result<size_t> FetchState::take(size_t max, const RecordVisitor& visit) {
  size_t count = 0;
  Status first;
  auto at = partitions_.upper_bound(last_taken_);
  for (size_t seen = 0; seen < partitions_.size() && count < max; ++seen) {
    if (at == partitions_.end()) at = partitions_.begin();
    auto& [id, partition] = *at++;
    last_taken_ = id;
    const auto taken =
        partition.take(id, max - count,
                       [&, &of = id, topic_id = partition.topic_id()](
                           const wire::RecordView& record, const Undecodable* undecodable) {
                         visit(of, view_of(record, topic_id, undecodable));
                       });
    if (taken.ok()) {
      count += *taken;
    } else if (first.ok()) {
      first = taken.error();
    }
  }
  if (count == 0 && !first.ok()) return std::move(first).error();
  return count;
}

std::vector<TopicPartition> FetchState::known() const {
  std::vector<TopicPartition> ids;
  for (const auto& [id, partition] : partitions_) {
    if (partition.knows_end()) ids.push_back(id);
  }
  return ids;
}

std::vector<ClosedPartition> FetchState::closed() const {
  std::vector<ClosedPartition> all;
  for (const auto& [id, partition] : partitions_) {
    if (auto why = partition.closed_reason(); !why.empty()) all.push_back({id, std::move(why)});
  }
  return all;
}

int64_t FetchState::lag() const {
  int64_t lag = 0;
  for (const auto& [id, partition] : partitions_) lag += partition.lag();
  return lag;
}

}  // namespace hailstorm::log::hail
