#include <map>
#include <string>
#include <utility>
#include <vector>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"

namespace hailstorm::broker {
namespace {

constexpr int16_t kSessionNotFound = 70;  // Kafka's FETCH_SESSION_ID_NOT_FOUND

using Response = kafka::FetchResponse;

/// One request on its way: the response with every partition in its place, and where the reply's
/// partitions belong.
struct Fetching {
  Response response;
  wire::FetchRequest request;
  std::vector<std::pair<size_t, size_t>> places;  // of the request's partitions: topic, partition
};

void refuse_partition(Response::PartitionData& into, ErrorCode code) {
  into.error_code = kafka_error(code);
  into.high_watermark = -1;
  into.records.emplace();
}

Fetching translate(const KafkaContext& context, const kafka::FetchRequest& request,
                   int16_t version) {
  Fetching fetching;
  wire::FetchRequest& wanted = fetching.request;
  wanted.max_wait_ms = request.max_wait_ms;
  wanted.min_bytes = request.min_bytes;
  wanted.max_bytes = request.max_bytes;
  for (const auto& topic : request.topics) {
    const bool is_by_id = version >= kNamesTopicsById;
    auto& into = fetching.response.responses.emplace_back();
    into.topic_id = topic.topic_id;
    into.topic = is_by_id ? context.broker->topic_name(topic.topic_id) : topic.topic;
    for (const auto& partition : topic.partitions) {
      auto& data = into.partitions.emplace_back();
      data.partition_index = partition.partition;
      if (is_by_id && into.topic.empty()) {
        refuse_partition(data, ErrorCode::unknown_topic_id);
      } else if (partition.current_leader_epoch > 0) {
        refuse_partition(data, ErrorCode::unknown_leader_epoch);
      } else {
        const wire::TopicPartition id{into.topic, partition.partition, topic.topic_id};
        wanted.partitions.push_back({id, partition.fetch_offset, partition.partition_max_bytes});
        fetching.places.emplace_back(fetching.response.responses.size() - 1,
                                     into.partitions.size() - 1);
        continue;
      }
      wanted.max_wait_ms = 0;  // there is an error to report
    }
  }
  return fetching;
}

void fill(Response::PartitionData& into, const wire::FetchedPartition& fetched) {
  into.error_code = kafka_error(fetched.outcome.code);
  into.high_watermark = fetched.high_watermark;
  into.last_stable_offset = fetched.high_watermark;
  into.log_start_offset = fetched.log_start_offset;
  into.aborted_transactions.reset();
  into.records.emplace();
}

/// Where each partition of the request is in the response. A partition that is named twice has its
/// last place.
std::map<wire::TopicPartition, std::pair<size_t, size_t>> places_of(const Fetching& fetching) {
  std::map<wire::TopicPartition, std::pair<size_t, size_t>> places;
  for (size_t i = 0; i < fetching.places.size(); ++i)
    places[wire::by_name(fetching.request.partitions[i].id)] = fetching.places[i];
  return places;
}

void end_fetch(const KafkaCall& call, Response response, const Fetching& fetching,
               const wire::FetchReply& reply, std::vector<storage::StoredBytes> data) {
  if (reply.outcome.code == ErrorCode::shutting_down)
    return call.close("shutting_down", "the broker is stopping");
  if (reply.outcome.code != ErrorCode::none) {
    response.error_code = kafka_error(reply.outcome.code);
    response.responses.clear();
    return call.respond(response);
  }
  const auto places = places_of(fetching);
  std::map<std::pair<size_t, size_t>, storage::StoredBytes> records;  // in the response's order
  size_t next = 0;
  for (const wire::FetchedPartition& fetched : reply.partitions) {
    const auto place = places.at(wire::by_name(fetched.id));
    auto& into = response.responses[place.first].partitions[place.second];
    fill(into, fetched);
    if (fetched.data_bytes == 0) continue;
    storage::StoredBytes& bytes = data[next++];
    into.records = kafka::Records{bytes.bytes};
    records[place] = std::move(bytes);
  }
  std::vector<storage::StoredBytes> owners;
  for (auto& [place, bytes] : records) owners.push_back(std::move(bytes));
  call.respond(response, std::move(owners));
}

}  // namespace

/// No fetch sessions (KIP-227): a client that asks for one is answered without, and then names all
/// its partitions each time. One that goes on with another broker's session learns that it is not
/// known; one that ends it names all it wants, and is served.
void serve(KafkaContext context, KafkaCall call, kafka::FetchRequest request) {
  if (request.session_epoch > 0) {
    Response refusal;
    refusal.error_code = kSessionNotFound;
    return call.respond(refusal);
  }
  Fetching fetching = translate(context, request, call.version());
  wire::FetchRequest wanted = fetching.request;
  context.ask(
      call, std::move(wanted),
      [call, fetching = std::move(fetching)](const wire::FetchReply& reply, auto data) mutable {
        end_fetch(call, std::move(fetching.response), fetching, reply, std::move(data));
      });
}

}  // namespace hailstorm::broker
