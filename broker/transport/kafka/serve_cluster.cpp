#include <utility>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"

namespace hailstorm::broker {
namespace {

// Kafka's TRANSACTIONAL_ID_AUTHORIZATION_FAILED: after most other errors librdkafka would ask again
// and again.
constexpr auto kTransactionsRefused = static_cast<ErrorCode>(53);

constexpr int8_t kGroupKey = 0;

template <class... Request>
kafka::ApiVersionsResponse versions_of(const std::tuple<Request...>* /*all*/) {
  kafka::ApiVersionsResponse response;
  for (const kafka::ApiKey key : {Request::kKey...}) {
    const kafka::Api& api = kafka::api_of(key);
    // Clients with librdkafka up to 2.8 compress only where produce begins at 0, and ask for 7.
    const int16_t first = key == kafka::ApiKey::produce ? int16_t{0} : api.first_version;
    response.api_keys.push_back({static_cast<int16_t>(key), first, api.last_version});
  }
  return response;
}

kafka::ApiVersionsResponse served_versions() {
  return versions_of(static_cast<const ServedRequests*>(nullptr));
}

/// What a client may know of the coordinator of this key.
wire::Outcome check_coordinator_key(int8_t key_type, const std::string& key) {
  if (key_type != kGroupKey) return {kTransactionsRefused, "transactions are not served here"};
  if (key.empty()) return {ErrorCode::invalid_group_id, "a group has a name"};
  return {};
}

}  // namespace

void serve(KafkaContext /*context*/, KafkaCall call, const kafka::ApiVersionsRequest&) {
  call.respond(served_versions());
}

void refuse_version(const KafkaCall& call) {
  kafka::ApiVersionsResponse response = served_versions();
  response.error_code = kafka_error(ErrorCode::unsupported_version);
  call.respond_as(0, response);
}

void serve(KafkaContext context, KafkaCall call, const kafka::FindCoordinatorRequest& request) {
  const Address address = context.cluster->address_for(call);
  kafka::FindCoordinatorResponse response;
  const auto fill = [&](auto& into, const std::string& key) {
    const wire::Outcome outcome = check_coordinator_key(request.key_type, key);
    const bool is_here = outcome.code == ErrorCode::none;
    into.error_code = kafka_error(outcome.code);
    into.error_message = kafka_message(outcome);
    into.node_id = is_here ? KafkaCluster::kNodeId : -1;
    into.host = is_here ? address.host : "";
    into.port = is_here ? address.port : -1;
  };
  constexpr int16_t kFirstOfManyKeys = 4;
  if (call.version() < kFirstOfManyKeys) fill(response, request.key);
  for (const std::string& key : request.coordinator_keys) {
    auto& coordinator = response.coordinators.emplace_back();
    coordinator.key = key;
    fill(coordinator, key);
  }
  call.respond(response);
}

void serve(KafkaContext context, KafkaCall call, const kafka::InitProducerIdRequest& request) {
  if (request.transactional_id) {
    kafka::InitProducerIdResponse refusal;
    refusal.error_code =
        kafka_error(request.transactional_id->empty() ? ErrorCode::invalid_request
                                                      : ErrorCode::unsupported_version);
    refusal.producer_epoch = -1;
    return call.respond(refusal);
  }
  // As in Kafka, what the client names counts with transactions alone: some name 0 where they have
  // none, and must not take the next epoch of the producer that has that id.
  const wire::InitProducerIdRequest fresh;
  context.ask(call, fresh, [call](const wire::InitProducerIdReply& reply, auto) {
    kafka::InitProducerIdResponse response;
    response.error_code = kafka_error(reply.outcome.code);
    response.producer_id = reply.producer_id;
    response.producer_epoch = reply.producer_epoch;
    call.respond(response);
  });
}

}  // namespace hailstorm::broker
