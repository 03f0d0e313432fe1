#include <iterator>

#include "tests/broker/groups/schedule_world.h"

namespace hailstorm::groups {

using wire::ErrorCode;

/// Some partition that was granted goes back, or on, to some offset.
void ScheduleWorld::rewind(uint32_t who, uint32_t how) {
  if (grants_.empty()) return;
  const Id id =
      std::next(grants_.begin(), static_cast<std::ptrdiff_t>(who % grants_.size()))->first;
  if (catalog_.ids.at(id.topic) != id.topic_id) return;  // of a topic that was deleted
  const int64_t offset = how % 20;
  const uint64_t number = ++rewind_count_;
  fences_[id] = {.number = number};
  acknowledged_.erase(id);  // from the request on, whatever the answer will be
  coordinator_->rewind({kGroup, {{id, offset, -1, {}}}},
                       [this, id, offset, number](const wire::RewindGroupReply& reply) {
                         if (reply.outcome.code == ErrorCode::storage_error) return;
                         if (reply.outcome.code != ErrorCode::none)
                           return fail("a rewind was refused: " + reply.outcome.message);
                         if (catalog_.ids.at(id.topic) != id.topic_id) return;  // gone since
                         acknowledged_[id] = offset;
                         if (fences_[id].number == number) fences_[id].is_durable = true;
                       });
  fences_[id].epoch = describe().summary.epoch;
}

/// Whether a rewind that was not acknowledged is in the journal is not known after a restart.
void ScheduleWorld::forget_unsure_fences() {
  for (auto& [id, fence] : fences_) fence.is_unsure = fence.is_unsure || !fence.is_durable;
}

bool ScheduleWorld::is_fence_unsure(const Id& id) const {
  const auto at = fences_.find(id);
  return at != fences_.end() && at->second.is_unsure;
}

bool ScheduleWorld::is_fenced(const Id& id, int32_t epoch) const {
  const auto at = fences_.find(id);
  return at != fences_.end() && epoch < at->second.epoch;
}

}  // namespace hailstorm::groups
