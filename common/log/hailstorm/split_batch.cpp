#include "common/log/hailstorm/split_batch.h"

#include <algorithm>

#include "common/base/check.h"

namespace hailstorm::log::hail {
namespace {

void append(Batch& batch, const wire::RecordView& record) {
  batch.builder.append(record.timestamp_ms, record.key, record.value, record.headers);
  ++batch.record_count;
}

/// The callbacks of the first `record_count` records go to the first half.
void share_waiters(std::vector<Waiter> waiters, int32_t record_count, Batch& first, Batch& second) {
  for (Waiter& waiter : waiters) {
    const int32_t in_first = std::min(waiter.record_count, record_count);
    record_count -= in_first;
    if (in_first > 0) first.waiters.push_back({waiter.one, waiter.many, in_first});
    const int32_t in_second = waiter.record_count - in_first;
    if (in_second > 0)
      second.waiters.push_back({std::move(waiter.one), std::move(waiter.many), in_second});
  }
}

}  // namespace

std::pair<Batch, Batch> split_batch(Batch batch, Bytes bytes) {
  const auto view = wire::RecordBatchView::parse_unchecked(bytes);
  HAIL_CHECK(view.ok() && view->record_count() > 1);
  std::pair<Batch, Batch> halves;
  const int32_t half = view->record_count() / 2;
  wire::RecordReader reader(*view);
  for (wire::RecordView record;;) {
    const auto more = reader.next(record);
    HAIL_CHECK(more.ok());  // we have built it
    if (!*more) break;
    append(halves.first.record_count < half ? halves.first : halves.second, record);
  }
  for (Batch* one : {&halves.first, &halves.second}) {
    one->is_bound = batch.is_bound;
    one->opened_ms = batch.opened_ms;
    one->first_ticket = batch.first_ticket;  // for the second too: none before its own
  }
  // Only the sum counts: the bound is on all unacknowledged records.
  halves.first.bytes = batch.bytes / 2;
  halves.second.bytes = batch.bytes - halves.first.bytes;
  share_waiters(std::move(batch.waiters), half, halves.first, halves.second);
  return halves;
}

}  // namespace hailstorm::log::hail
