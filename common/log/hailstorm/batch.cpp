#include "common/log/hailstorm/batch.h"

namespace hailstorm::log::hail {

void report(const Batch& batch, const TopicPartition& id, const Result<int64_t>& base_offset) {
  int64_t offset = base_offset.ok() ? *base_offset : -1;
  for (const Waiter& waiter : batch.waiters) {
    const Result<Delivery> delivery = base_offset.ok() ? Result<Delivery>(Delivery{id, offset})
                                                       : Result<Delivery>(base_offset.error());
    if (waiter.one) waiter.one(delivery);
    if (waiter.many) waiter.many(delivery, waiter.record_count);
    if (offset >= 0) offset += waiter.record_count;
  }
}

}  // namespace hailstorm::log::hail
