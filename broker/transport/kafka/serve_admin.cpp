#include <string>
#include <utility>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/operations.h"
#include "broker/transport/kafka/serve.h"

// Requests of Kafka's administration tools about the cluster and its topics.
namespace hailstorm::broker {
namespace {

// Kafka's numbers.
constexpr int8_t kBrokers = 1;
constexpr int8_t kControllers = 2;
constexpr int16_t kSecurityDisabled = 54;
constexpr int16_t kResourceNotFound = 91;
constexpr int16_t kMismatchedEndpoint = 114;
constexpr int16_t kUnsupportedEndpoint = 115;

}  // namespace

void serve(KafkaContext context, KafkaCall call, const kafka::DescribeClusterRequest& request) {
  const Address address = context.cluster->address_for(call);
  kafka::DescribeClusterResponse response;
  if (request.endpoint_type != kBrokers) {
    response.error_code =
        request.endpoint_type == kControllers ? kMismatchedEndpoint : kUnsupportedEndpoint;
    response.error_message = "brokers are what can be asked for here";
    return call.respond(response);
  }
  if (request.include_cluster_authorized_operations)
    response.cluster_authorized_operations = kClusterOperations;
  response.cluster_id = context.cluster->id;
  response.controller_id = KafkaCluster::kNodeId;
  response.brokers.push_back({KafkaCluster::kNodeId, address.host, address.port, {}, false});
  call.respond(response);
}

/// There is one epoch, 0, which ends at the end of the log.
void serve(KafkaContext context, KafkaCall call,
           const kafka::OffsetForLeaderEpochRequest& request) {
  const auto collector = Collector<kafka::OffsetForLeaderEpochResponse>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  auto& topics = collector->state.topics;
  topics.resize(request.topics.size());
  for (size_t t = 0; t < topics.size(); ++t) {
    topics[t].topic = request.topics[t].topic;
    topics[t].partitions.resize(request.topics[t].partitions.size());
    for (size_t p = 0; p < topics[t].partitions.size(); ++p) {
      const auto& wanted = request.topics[t].partitions[p];
      topics[t].partitions[p].partition = wanted.partition;
      if (wanted.current_leader_epoch > 0) {
        topics[t].partitions[p].error_code = kafka_error(ErrorCode::unknown_leader_epoch);
        continue;
      }
      collector->begin();
      wire::ListOffsetsRequest list{{{topics[t].topic, wanted.partition}}, wire::kLatest};
      context.ask(call, std::move(list),
                  [collector, t, p, is_known = wanted.leader_epoch == 0](const auto& reply, auto) {
                    auto& into = collector->state.topics[t].partitions[p];
                    const auto& found = reply.offsets.at(0);
                    into.error_code = kafka_error(found.outcome.code);
                    if (found.outcome.code == ErrorCode::none && is_known) {
                      into.leader_epoch = 0;
                      into.end_offset = found.offset;
                    }
                    collector->finish();
                  });
    }
  }
  collector->finish();
}

// What a broker alone and without users has none of.
void serve(KafkaContext, KafkaCall call, const kafka::DescribeAclsRequest&) {
  kafka::DescribeAclsResponse response;
  response.error_code = kSecurityDisabled;
  response.error_message = "there are no users here, and no rules about them";
  call.respond(response);
}
void serve(KafkaContext, KafkaCall call, const kafka::ListPartitionReassignmentsRequest&) {
  kafka::ListPartitionReassignmentsResponse response;
  response.error_message.reset();
  call.respond(response);
}
void serve(KafkaContext, KafkaCall call, const kafka::DescribeClientQuotasRequest&) {
  kafka::DescribeClientQuotasResponse response;
  response.error_message.reset();
  call.respond(response);
}
void serve(KafkaContext, KafkaCall call,
           const kafka::DescribeUserScramCredentialsRequest& request) {
  kafka::DescribeUserScramCredentialsResponse response;
  response.error_message.reset();
  if (request.users) {
    for (const auto& user : *request.users)
      response.results.push_back({user.name, kResourceNotFound, "there are no users here", {}});
  }
  call.respond(response);
}

}  // namespace hailstorm::broker
