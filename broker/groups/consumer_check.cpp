#include "broker/groups/consumer_check.h"

#include <string>
#include <utility>

#include "broker/groups/targets.h"
#include "broker/groups/topic_pattern.h"

namespace hailstorm::groups {
namespace {

using wire::ErrorCode;
using wire::Outcome;

constexpr size_t kMaxNameBytes = 1000;

Outcome invalid(std::string message) { return {ErrorCode::invalid_request, std::move(message)}; }

bool is_empty(const std::optional<std::string>& text) { return text && text->empty(); }

/// The first heartbeat says all that there is to know.
Outcome check_join(const ConsumerHeartbeatRequest& request) {
  if (request.rebalance_timeout_ms < 0)
    return invalid("a member that joins says its rebalance timeout");
  if (!request.owned || !request.owned->empty())
    return invalid("a member that joins owns no partitions, and says so");
  if (!request.topics && !request.topic_pattern)
    return invalid("a member that joins subscribes to topics, or to a regular expression");
  return {};
}

}  // namespace

Outcome check_fields(const ConsumerHeartbeatRequest& request) {
  if (request.member_epoch < wire::kLeaveStaticEpoch)
    return invalid("there is no member epoch " + std::to_string(request.member_epoch));
  const bool is_joining = request.member_epoch == wire::kJoinEpoch;
  if (request.member_id.empty() && (request.makes_own_id || !is_joining))
    return invalid("a heartbeat needs a member id");
  if (is_empty(request.instance_id) || is_empty(request.rack_id))
    return invalid("an instance id and a rack id are not empty");
  if (request.client_id.size() > kMaxNameBytes ||
      request.rack_id.value_or("").size() > kMaxNameBytes)
    return invalid("a client id and a rack id have at most 1000 bytes");
  if (request.member_epoch == wire::kLeaveStaticEpoch && !request.instance_id)
    return invalid("only a member with an instance id may leave for a moment");
  if (is_joining) {
    if (Outcome bad = check_join(request); bad.code != ErrorCode::none) return bad;
  }
  if (request.assignor && !is_assignor(*request.assignor)) {
    return {ErrorCode::unsupported_assignor,
            "there is no assignor '" + *request.assignor + "', but uniform and range"};
  }
  const auto pattern = TopicPattern::make(request.topic_pattern.value_or(""));
  if (!pattern.ok()) return {ErrorCode::invalid_regular_expression, pattern.error().message()};
  return {};
}

}  // namespace hailstorm::groups
