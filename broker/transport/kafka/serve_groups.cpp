#include <string>
#include <utility>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"

namespace hailstorm::broker {
namespace {

// From these versions on a client knows what it means.
constexpr int16_t kAsksForId = 4;
constexpr int16_t kSkipsAssignment = 9;
constexpr int16_t kNullProtocol = 7;
constexpr int16_t kLeavesTogether = 3;

kafka::JoinGroupResponse to_response(const groups::ClassicJoinReply& reply, int16_t version) {
  kafka::JoinGroupResponse response;
  response.error_code = kafka_group_error(reply.outcome);
  response.generation_id = reply.generation;
  response.protocol_type = none_if_empty(reply.protocol_type);
  response.protocol_name = reply.protocol;
  if (version >= kNullProtocol) response.protocol_name = none_if_empty(reply.protocol);
  response.leader = reply.leader;
  response.skip_assignment = reply.skip_assignment;
  response.member_id = reply.member_id;
  for (const auto& member : reply.members)
    response.members.push_back({member.id, none_if_empty(member.instance_id), {member.metadata}});
  return response;
}

}  // namespace

void serve(KafkaContext context, KafkaCall call, kafka::JoinGroupRequest request) {
  groups::ClassicJoinRequest join;
  join.group = std::move(request.group_id);
  join.member_id = std::move(request.member_id);
  join.instance_id = request.group_instance_id.value_or("");
  join.client_id = call.client_id();
  join.client_host = "/" + call.sink().peer_host(call.session());
  join.session_timeout_ms = request.session_timeout_ms;
  // Version 0 knew one time for both.
  join.rebalance_timeout_ms =
      request.rebalance_timeout_ms < 0 ? request.session_timeout_ms : request.rebalance_timeout_ms;
  join.protocol_type = std::move(request.protocol_type);
  for (auto& protocol : request.protocols)
    join.protocols.push_back({std::move(protocol.name), std::move(protocol.metadata.bytes)});
  join.asks_for_id = call.version() >= kAsksForId;
  join.can_skip_assignment = call.version() >= kSkipsAssignment;
  context.ask(call, std::move(join), [call](const groups::ClassicJoinReply& reply, auto) {
    call.respond(to_response(reply, call.version()));
  });
}

void serve(KafkaContext context, KafkaCall call, kafka::SyncGroupRequest request) {
  groups::ClassicSyncRequest sync;
  sync.group = std::move(request.group_id);
  sync.generation = request.generation_id;
  sync.member_id = std::move(request.member_id);
  sync.instance_id = request.group_instance_id.value_or("");
  sync.protocol_type = request.protocol_type.value_or("");
  sync.protocol = request.protocol_name.value_or("");
  for (auto& assignment : request.assignments) {
    sync.assignments.push_back(
        {std::move(assignment.member_id), std::move(assignment.assignment.bytes)});
  }
  context.ask(call, std::move(sync), [call](const groups::ClassicSyncReply& reply, auto) {
    kafka::SyncGroupResponse response;
    response.error_code = kafka_group_error(reply.outcome);
    response.protocol_type = none_if_empty(reply.protocol_type);
    response.protocol_name = none_if_empty(reply.protocol);
    response.assignment.bytes = reply.assignment;
    call.respond(response);
  });
}

void serve(KafkaContext context, KafkaCall call, const kafka::HeartbeatRequest& request) {
  groups::ClassicHeartbeatRequest heartbeat{request.group_id, request.generation_id,
                                            request.member_id,
                                            request.group_instance_id.value_or("")};
  context.ask(call, std::move(heartbeat), [call](const auto& reply, auto) {
    kafka::HeartbeatResponse response;
    response.error_code = kafka_group_error(reply.outcome);
    call.respond(response);
  });
}

void serve(KafkaContext context, KafkaCall call, const kafka::LeaveGroupRequest& request) {
  groups::ClassicLeaveRequest leave{request.group_id, {}};
  const bool is_together = call.version() >= kLeavesTogether;
  if (!is_together) leave.members.push_back({request.member_id, ""});
  for (const auto& member : request.members)
    leave.members.push_back({member.member_id, member.group_instance_id.value_or("")});
  const auto names = leave.members;
  context.ask(call, std::move(leave), [call, names, is_together](const auto& reply, auto) {
    kafka::LeaveGroupResponse response;
    response.error_code = kafka_group_error(reply.outcome);
    for (size_t i = 0; i < reply.members.size(); ++i) {
      const int16_t code = kafka_group_error(reply.members[i]);
      if (!is_together) response.error_code = code;
      response.members.push_back({names[i].id, none_if_empty(names[i].instance_id), code});
    }
    call.respond(response);
  });
}

}  // namespace hailstorm::broker
