#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "broker/api/broker_metrics.h"
#include "broker/api/responder.h"
#include "broker/groups/coordinator.h"

namespace hailstorm::broker {

/// Hands group requests to the coordinator and its answers back to their clients.
///
/// Thread safety: not safe; the broker's thread owns it. The references must remain live while it
/// is in use.
class GroupHandler {
 public:
  GroupHandler(groups::Coordinator& coordinator, BrokerMetrics& metrics)
      : coordinator_(coordinator), metrics_(metrics) {}

  void handle(const wire::GroupHeartbeatRequest& request,
              Responder<wire::GroupHeartbeatReply> responder);
  void handle(const wire::OffsetCommitRequest& request,
              Responder<wire::OffsetCommitReply> responder);
  void handle(const wire::RewindGroupRequest& request, Responder<wire::RewindGroupReply> responder);
  void handle(const wire::OffsetFetchRequest& request, Responder<wire::OffsetFetchReply> responder);
  void handle(const wire::ListGroupsRequest& request, Responder<wire::ListGroupsReply> responder);
  void handle(const wire::DescribeGroupRequest& request,
              Responder<wire::DescribeGroupReply> responder);
  void handle(const wire::DeleteGroupRequest& request, Responder<wire::DeleteGroupReply> responder);

  // Of Kafka's classic protocol.
  void handle(const groups::ClassicJoinRequest& request,
              Responder<groups::ClassicJoinReply> responder);
  void handle(const groups::ClassicSyncRequest& request,
              Responder<groups::ClassicSyncReply> responder);
  void handle(const groups::ClassicHeartbeatRequest& request,
              Responder<groups::ClassicHeartbeatReply> responder);
  void handle(const groups::ClassicLeaveRequest& request,
              Responder<groups::ClassicLeaveReply> responder);
  void handle(const groups::ClassicCommitRequest& request,
              Responder<groups::ClassicCommitReply> responder);
  void handle(const groups::ClassicDescribeRequest& request,
              Responder<groups::ClassicDescribeReply> responder);
  // Of KIP-848's, as Kafka's clients send it.
  void handle(const groups::ConsumerHeartbeatRequest& request,
              Responder<groups::ConsumerHeartbeatReply> responder);
  void handle(const groups::ConsumerDescribeRequest& request,
              Responder<groups::ConsumerDescribeReply> responder);
  void handle(const groups::MemberOffsetFetchRequest& request,
              Responder<wire::OffsetFetchReply> responder);

  void handle(const groups::GroupOverviewRequest& request,
              Responder<groups::GroupOverviewReply> responder);

  /// Roughly what is kept for requests whose answers wait for the disk.
  [[nodiscard]] int64_t waiting_bytes() const { return waiting_bytes_; }

  /// Sets the gauges of groups and of each group's lag per topic.
  void measure();

 private:
  static constexpr int64_t kAnswerBytes = 256;

  /// A responder and the memory that its request takes until it is answered.
  template <class Reply>
  struct Waiting {
    Waiting(int64_t& all_bytes, int64_t own_bytes, Responder<Reply> own_responder)
        : total_bytes(all_bytes), bytes(own_bytes), responder(std::move(own_responder)) {
      total_bytes += bytes;
    }
    ~Waiting() { total_bytes -= bytes; }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    int64_t& total_bytes;
    const int64_t bytes;
    Responder<Reply> responder;
  };

  /// The coordinator copies its callbacks, and a responder cannot be copied: hence the shared_ptr.
  /// `bytes`: what is kept until the answer goes out.
  template <class Reply>
  [[nodiscard]] groups::Coordinator::Answer<Reply> to(Responder<Reply> responder,
                                                      int64_t bytes = 0) {
    auto waiting = std::make_shared<Waiting<Reply>>(waiting_bytes_, bytes + kAnswerBytes,
                                                    std::move(responder));
    return [waiting = std::move(waiting)](const Reply& reply) { waiting->responder.answer(reply); };
  }

  groups::Coordinator& coordinator_;
  BrokerMetrics& metrics_;
  int64_t waiting_bytes_ = 0;
};

}  // namespace hailstorm::broker
