#include "common/log/hailstorm/pending_requests.h"

#include <algorithm>
#include <utility>

namespace hailstorm::log::hail {

uint64_t PendingRequests::add(int64_t deadline_ms, OnReply on_reply) {
  requests_.emplace(++last_correlation_id_, PendingRequest{deadline_ms, std::move(on_reply)});
  return last_correlation_id_;
}

std::optional<OnReply> PendingRequests::take(uint64_t correlation_id) {
  const auto found = requests_.find(correlation_id);
  if (found == requests_.end()) return std::nullopt;
  OnReply on_reply = std::move(found->second.on_reply);
  requests_.erase(found);
  return on_reply;
}

bool PendingRequests::is_overdue(int64_t now_ms) const {
  return std::any_of(requests_.begin(), requests_.end(), [now_ms](const auto& request) {
    return request.second.deadline_ms <= now_ms;
  });
}

}  // namespace hailstorm::log::hail
