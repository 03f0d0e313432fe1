#include "broker/api/fetch_handler.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "broker/api/api_errors.h"

namespace hailstorm::broker {

using wire::ErrorCode;

FetchHandler::FetchHandler(TopicStore& topics, const Clock& clock, BrokerMetrics& metrics,
                           FetchLimits limits)
    : topics_(topics), clock_(clock), metrics_(metrics), limits_(limits) {}

void FetchHandler::handle(wire::FetchRequest request, Responder<wire::FetchReply> responder) {
  if (request.partitions.size() > limits_.max_partitions) {
    return responder.refuse({ErrorCode::invalid_request, "too many partitions in one fetch"});
  }
  request.max_bytes = std::clamp(request.max_bytes, 1, limits_.max_bytes);
  request.max_wait_ms = std::clamp(request.max_wait_ms, 0, limits_.max_wait_ms);
  request.min_bytes = std::min(request.min_bytes, request.max_bytes);
  const Partitions partitions = resolve(request);
  Gathered gathered = gather(responder, request, partitions);
  if (gathered.is_enough(request.min_bytes) || request.max_wait_ms == 0 ||
      !may_park(responder.session(), request.partitions.size())) {
    return send(responder, std::move(gathered));
  }
  park(std::move(request), partitions, std::move(responder));
}

FetchHandler::Partitions FetchHandler::resolve(const wire::FetchRequest& request) {
  Partitions partitions;
  partitions.reserve(request.partitions.size());
  for (const wire::FetchPartition& wanted : request.partitions)
    partitions.push_back(topics_.partition(wanted.id));
  return partitions;
}

FetchHandler::Gathered FetchHandler::gather(const Parked& parked) {
  Partitions partitions;
  partitions.reserve(parked.partitions.size());
  for (size_t i = 0; i < parked.partitions.size(); ++i) {
    const auto& partition = parked.partitions[i];
    // One that was deleted since may have been made again, and the request may not mind.
    partitions.push_back(partition->is_deleted()
                             ? topics_.partition(parked.request.partitions[i].id)
                             : partition.get());
  }
  return gather(parked.responder, parked.request, partitions);
}

FetchHandler::Gathered FetchHandler::gather(const Responder<wire::FetchReply>& responder,
                                            const wire::FetchRequest& request,
                                            const Partitions& partitions) {
  Gathered gathered;
  // No more than its reader, and all together, may have unread. One batch is always read.
  const int64_t max_bytes = std::clamp<int64_t>(responder.credit_bytes(), 1, request.max_bytes);
  const size_t count = request.partitions.size();
  gathered.reply.partitions.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    // Each fetch begins at another partition, so that a full one does not starve the others.
    const size_t number = (responder.number() + i) % count;
    const int64_t budget_bytes = max_bytes - gathered.bytes;
    gathered.reply.partitions.push_back(
        read(request.partitions[number], partitions[number], budget_bytes, gathered));
  }
  return gathered;
}

wire::FetchedPartition FetchHandler::read(const wire::FetchPartition& wanted, Partition* partition,
                                          int64_t budget_bytes, Gathered& gathered) {
  wire::FetchedPartition result;
  result.id = wanted.id;
  const auto fail = [&](wire::Outcome outcome) {
    result.outcome = std::move(outcome);
    gathered.failed = true;
  };
  if (partition == nullptr) {
    fail(why_no_partition(topics_, wanted.id));
    return result;
  }
  result.id.topic_id = partition->id().topic_id;
  result.high_watermark = partition->high_watermark();
  result.log_start_offset = partition->log_start_offset();
  if (budget_bytes <= 0 || gathered.full) return result;
  const int64_t max_bytes = std::clamp<int64_t>(wanted.max_bytes, 1, budget_bytes);
  auto stored = partition->read(wanted.offset, max_bytes);
  if (!stored.ok()) {
    fail(outcome_of(stored.error()));
  } else if (gathered.bytes > 0 && std::ssize(stored->bytes) > budget_bytes) {
    gathered.full = true;  // beyond what the reader wants only its first batch may go
  } else if (!stored->bytes.empty()) {
    result.data_bytes = static_cast<int32_t>(stored->bytes.size());
    gathered.bytes += result.data_bytes;
    gathered.data.push_back(std::move(stored).value());
  } else if (auto stopped = why_stopped(*partition)) {
    fail(std::move(*stopped));  // else a reader would wait here for ever
  }
  return result;
}

void FetchHandler::send(Responder<wire::FetchReply>& responder, Gathered gathered) {
  metrics_.fetched_bytes.add(static_cast<uint64_t>(gathered.bytes));
  responder.answer(gathered.reply, std::move(gathered.data));
}

bool FetchHandler::may_park(SessionId session, size_t partitions) const {
  if (parked_.size() >= limits_.max_parked ||
      parked_partitions_ + partitions > limits_.max_parked_partitions)
    return false;
  const auto mine = by_session_.find(session);
  return mine == by_session_.end() || mine->second < limits_.max_parked_per_session;
}

void FetchHandler::park(wire::FetchRequest request, const Partitions& partitions,
                        Responder<wire::FetchReply> responder) {
  const uint64_t id = next_id_++;
  const int64_t deadline_ms = clock_.steady_ms() + request.max_wait_ms;
  std::vector<std::shared_ptr<Partition>> waited_for;
  for (Partition* partition : partitions) {
    by_partition_[partition].insert(id);
    waited_for.push_back(partition->shared_from_this());
  }
  by_deadline_.emplace(deadline_ms, id);
  ++by_session_[responder.session()];
  parked_partitions_ += request.partitions.size();
  parked_.emplace(
      id, Parked{std::move(responder), std::move(request), std::move(waited_for), deadline_ms});
}

FetchHandler::Parked FetchHandler::unpark(uint64_t id) {
  Parked parked = std::move(parked_.extract(id).mapped());
  by_deadline_.erase({parked.deadline_ms, id});
  parked_partitions_ -= parked.request.partitions.size();
  for (const auto& partition : parked.partitions) {
    const auto here = by_partition_.find(partition.get());
    if (here == by_partition_.end()) continue;  // named twice in one request
    here->second.erase(id);
    if (here->second.empty()) by_partition_.erase(here);
  }
  const auto mine = by_session_.find(parked.responder.session());
  if (--mine->second == 0) by_session_.erase(mine);
  return parked;
}

void FetchHandler::wake() {
  std::set<uint64_t> ids;
  for (const auto& partition : topics_.active().take_advanced()) {
    const auto here = by_partition_.find(partition.get());
    if (here != by_partition_.end()) ids.insert(here->second.begin(), here->second.end());
  }
  for (const uint64_t id : ids) {
    const Parked& parked = parked_.at(id);
    Gathered gathered = gather(parked);
    if (!gathered.is_enough(parked.request.min_bytes)) continue;
    Parked ready = unpark(id);
    send(ready.responder, std::move(gathered));
  }
}

void FetchHandler::expire() {
  const int64_t now_ms = clock_.steady_ms();
  while (!by_deadline_.empty() && by_deadline_.begin()->first <= now_ms) {
    Parked parked = unpark(by_deadline_.begin()->second);
    send(parked.responder, gather(parked));
  }
}

void FetchHandler::shut_down() {
  while (!parked_.empty()) {
    Parked parked = unpark(parked_.begin()->first);
    parked.responder.refuse({ErrorCode::shutting_down, "the broker is stopping"});
  }
}

int64_t FetchHandler::next_deadline_ms() const {
  return by_deadline_.empty() ? std::numeric_limits<int64_t>::max() : by_deadline_.begin()->first;
}

}  // namespace hailstorm::broker
