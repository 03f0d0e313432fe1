#include "broker/partition/producer_ids.h"

namespace hailstorm::broker {
namespace {

constexpr int64_t kBlock = 1000;
constexpr int64_t kEnd = int64_t{1} << 62;

}  // namespace

void ProducerIds::skip(int64_t used_id) {
  // A client made up an id beyond the end; counting will not reach it.
  if (used_id < reserved_ || used_id >= kEnd) return;
  begin_at(used_id + 1);
}

Result<int64_t> ProducerIds::next(const std::function<Status()>& save) {
  if (next_ == reserved_) {
    reserved_ += kBlock;
    if (const Status saved = save(); !saved.ok()) {
      reserved_ -= kBlock;
      return saved.error();
    }
  }
  return next_++;
}

}  // namespace hailstorm::broker
