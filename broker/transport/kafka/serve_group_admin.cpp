#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/operations.h"
#include "broker/transport/kafka/serve.h"

// Requests of Kafka's administration tools about groups.
namespace hailstorm::broker {
namespace {

// From this version on a group that is unknown is an error, not a state alone.
constexpr int16_t kUnknownIsAnError = 6;

bool is_in(const std::vector<std::string>& filter, const std::string& value) {
  const auto is_same = [&](const std::string& one) {
    return std::ranges::equal(one, value, [](unsigned char a, unsigned char b) {
      return std::tolower(a) == std::tolower(b);
    });
  };
  return filter.empty() || std::ranges::any_of(filter, is_same);
}

using DescribedGroup = kafka::DescribeGroupsResponse::DescribedGroup;

void fill_group(DescribedGroup& into, const groups::ClassicDescribeReply& reply, int16_t version) {
  const bool is_unknown = reply.outcome.code == ErrorCode::group_id_not_found;
  if (!is_unknown || version >= kUnknownIsAnError) {
    into.error_code = kafka_group_error(reply.outcome);
    into.error_message = kafka_message(reply.outcome);
  }
  into.group_state = is_unknown ? "Dead" : reply.state;
  into.protocol_type = reply.protocol_type;
  into.protocol_data = reply.protocol;
  for (const auto& member : reply.members) {
    auto& described = into.members.emplace_back();
    described.member_id = member.id;
    if (!member.instance_id.empty()) described.group_instance_id = member.instance_id;
    described.client_id = member.client_id;
    described.client_host = member.client_host;
    described.member_metadata.bytes = member.metadata;
    described.member_assignment.bytes = member.assignment;
  }
}

}  // namespace

void serve(KafkaContext context, KafkaCall call, const kafka::ListGroupsRequest& request) {
  context.ask(call, groups::GroupOverviewRequest{}, [call, request](const auto& reply, auto) {
    kafka::ListGroupsResponse response;
    response.error_code = kafka_group_error(reply.outcome);
    for (const auto& group : reply.groups) {
      const std::string type = group.is_classic ? "classic" : "consumer";
      if (!is_in(request.states_filter, group.state) || !is_in(request.types_filter, type))
        continue;
      response.groups.push_back({group.name, group.protocol_type, group.state, type});
    }
    call.respond(response);
  });
}

void serve(KafkaContext context, KafkaCall call, const kafka::DescribeGroupsRequest& request) {
  const auto collector = Collector<kafka::DescribeGroupsResponse>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  collector->state.groups.resize(request.groups.size());
  for (size_t i = 0; i < request.groups.size(); ++i) {
    collector->state.groups[i].group_id = request.groups[i];
    collector->begin();
    context.ask(call, groups::ClassicDescribeRequest{request.groups[i]},
                [collector, i, gives_operations = request.include_authorized_operations](
                    const auto& reply, auto) {
                  auto& group = collector->state.groups[i];
                  fill_group(group, reply, collector->call.version());
                  if (gives_operations && reply.outcome.code == ErrorCode::none)
                    group.authorized_operations = kGroupOperations;
                  collector->finish();
                });
  }
  collector->finish();
}

void serve(KafkaContext context, KafkaCall call, const kafka::DeleteGroupsRequest& request) {
  const auto collector = Collector<kafka::DeleteGroupsResponse>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  collector->state.results.resize(request.groups_names.size());
  for (size_t i = 0; i < request.groups_names.size(); ++i) {
    collector->state.results[i].group_id = request.groups_names[i];
    collector->begin();
    context.ask(call, wire::DeleteGroupRequest{request.groups_names[i]},
                [collector, i](const auto& reply, auto) {
                  collector->state.results[i].error_code = kafka_group_error(reply.outcome);
                  collector->finish();
                });
  }
  collector->finish();
}

}  // namespace hailstorm::broker
