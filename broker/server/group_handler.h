#pragma once

#include <cstdint>
#include <memory>
#include <utility>

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

  /// What the requests take, about, whose answers wait for the disk.
  [[nodiscard]] int64_t waiting_bytes() const { return waiting_bytes_; }

  /// Sets the gauges of groups and of each group's lag per topic.
  void measure();

 private:
  static constexpr int64_t kAnswerBytes = 256;

  /// `bytes`: what is kept until the answer goes out.
  template <class Reply>
  [[nodiscard]] groups::Coordinator::Answer<Reply> to(const Caller& caller, int64_t bytes = 0) {
    bytes += kAnswerBytes;
    waiting_bytes_ += bytes;
    std::shared_ptr<void> counted(nullptr, [this, bytes](void*) { waiting_bytes_ -= bytes; });
    return [this, caller, counted = std::move(counted)](const Reply& reply) {
      answer(replies_, caller, reply);
    };
  }

  groups::Coordinator& coordinator_;
  ReplySink& replies_;
  BrokerMetrics& metrics_;
  int64_t waiting_bytes_ = 0;
};

}  // namespace hailstorm::broker
