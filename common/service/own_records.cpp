#include "common/service/own_records.h"

#include <algorithm>
#include <map>
#include <string>

#include "common/base/logging.h"
#include "common/events/events.h"

namespace hailstorm::service {
namespace {

constexpr int kPollMs = 500;

/// What is still to be read of each partition.
class Remaining {
 public:
  explicit Remaining(const std::vector<ReviewedPartition>& partitions) {
    for (const auto& one : partitions) {
      if (one.next.offset < one.log_end) ends_[one.next.id] = one.log_end;
    }
  }
  [[nodiscard]] bool empty() const { return ends_.empty(); }
  [[nodiscard]] bool contains(const log::TopicPartition& id) const { return ends_.contains(id); }

  void read_to(const std::vector<log::Position>& positions) {
    for (const auto& position : positions) {
      const auto at = ends_.find(position.id);
      if (at != ends_.end() && position.offset >= at->second) ends_.erase(at);
    }
  }
  void leave_out(const std::vector<log::ClosedPartition>& closed) {
    for (const auto& [id, why] : closed) {
      if (ends_.erase(id) == 0) continue;
      log_warn("a partition of this service's own records cannot be read now",
               {{"topic", id.topic}, {"partition", id.partition}, {"why", why}});
    }
  }
  void clear() { ends_.clear(); }

 private:
  std::map<log::TopicPartition, int64_t> ends_;
};

/// Gives how many of the records the store did not know.
Result<int64_t> recall_batch(const Recall& recall, const std::vector<log::ConsumedRecord>& records,
                             store::Database& db) {
  const std::string source = "/hailstorm/" + recall.service;
  const int64_t now_ms = recall.clock.wall_ms();
  int64_t recalled = 0;
  for (const auto& record : records) {
    const auto event = events::decode(record, now_ms);
    if (!event.ok() || event->source != source || event->type() != record.topic) continue;
    HAIL_ASSIGN_OR_RETURN(const bool was_lacking, recall.reactor.recall(*event, db));
    recalled += was_lacking ? 1 : 0;
  }
  HAIL_RETURN_IF_ERROR(set_log_positions(db, positions_after(records)));
  return recalled;
}

/// Where reading begins in each partition.
std::vector<log::Position> begins_of(const std::vector<ReviewedPartition>& partitions) {
  std::vector<log::Position> begins;
  for (const auto& one : partitions) {
    begins.push_back(one.next);
    begins.back().offset = std::max(one.next.offset, one.log_start);
  }
  return begins;
}

}  // namespace

Result<int64_t> recall_own_records(const Recall& recall,
                                   const std::vector<ReviewedPartition>& partitions) {
  auto begins = begins_of(partitions);
  HAIL_RETURN_IF_ERROR(
      recall.writer.submit([&](store::Database& db) { return set_log_positions(db, begins); }));
  int64_t recalled = 0;
  Remaining remaining(partitions);
  if (remaining.empty()) return recalled;
  std::erase_if(begins, [&](const auto& begin) { return !remaining.contains(begin.id); });
  const auto consumer = recall.engine.make_consumer({});
  consumer->assign(begins);
  while (!remaining.empty() && !recall.is_stopping()) {
    const auto polled = consumer->poll(kPollMs);
    remaining.leave_out(consumer->closed_partitions());
    if (!polled.ok() && polled.error().is(log::LogErrc::corrupt)) continue;
    if (!polled.ok()) return polled.error();
    if (polled->empty()) {
      // What could not be decoded was passed.
      const bool is_at_end = consumer->lag() == 0 && !consumer->assignment().empty();
      if (is_at_end) remaining.clear();
      continue;
    }
    HAIL_ASSIGN_OR_RETURN(const int64_t of_batch, recall.writer.submit([&](store::Database& db) {
      return recall_batch(recall, *polled, db);
    }));
    recalled += of_batch;
    remaining.read_to(positions_after(*polled));
  }
  return recalled;
}

}  // namespace hailstorm::service
