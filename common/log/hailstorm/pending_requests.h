#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "common/log/hailstorm/transport.h"

namespace hailstorm::log::hail {

/// The answer to one request: the encoded body, which lies within `head`, and its batches.
struct Reply {
  Frame head;
  Bytes body;
  std::vector<Frame> data;
};

/// Called when the answer to a request is there.
using OnReply = std::function<void(Reply reply, int64_t now_ms)>;

/// The requests that were sent over one connection and are not answered yet.
///
/// Thread safety: not safe.
class PendingRequests {
 public:
  /// The number of a new request, which its answer carries too.
  [[nodiscard]] uint64_t add(int64_t deadline_ms, OnReply on_reply);
  /// Takes the request out and gives what waits for its answer; nothing: it is not pending.
  [[nodiscard]] std::optional<OnReply> take(uint64_t correlation_id);
  /// The answer is not wanted any more.
  void cancel(uint64_t correlation_id) { requests_.erase(correlation_id); }
  void clear() { requests_.clear(); }

  /// Some request has no answer at its deadline.
  [[nodiscard]] bool is_overdue(int64_t now_ms) const;

 private:
  struct PendingRequest {
    int64_t deadline_ms = 0;
    OnReply on_reply;
  };
  std::unordered_map<uint64_t, PendingRequest> requests_;
  uint64_t last_correlation_id_ = 0;
};

}  // namespace hailstorm::log::hail
