#pragma once

#include "broker/groups/coordinator.h"
#include "broker/server/broker_metrics.h"
#include "broker/server/reply.h"

namespace hailstorm::broker {

/// Hands group requests to the coordinator and its answers back to whoever asked.
///
/// Thread safety: not safe; the broker's thread owns it. The references must remain live while it
/// is in use.
class GroupHandler {
 public:
  GroupHandler(groups::Coordinator& coordinator, ReplySink& replies, BrokerMetrics& metrics)
      : coordinator_(coordinator), replies_(replies), metrics_(metrics) {}

  void handle(const Caller& caller, const wire::GroupHeartbeatRequest& request);
  void handle(const Caller& caller, const wire::OffsetCommitRequest& request);
  void handle(const Caller& caller, const wire::OffsetFetchRequest& request);
  void handle(const Caller& caller, const wire::ListGroupsRequest& request);
  void handle(const Caller& caller, const wire::DescribeGroupRequest& request);
  void handle(const Caller& caller, const wire::DeleteGroupRequest& request);

  /// Sets the gauges of groups and of each group's lag per topic.
  void measure();

 private:
  template <class Reply>
  [[nodiscard]] groups::Coordinator::Answer<Reply> to(const Caller& caller) {
    return [this, caller](const Reply& reply) { answer(replies_, caller, reply); };
  }

  groups::Coordinator& coordinator_;
  ReplySink& replies_;
  BrokerMetrics& metrics_;
};

}  // namespace hailstorm::broker
