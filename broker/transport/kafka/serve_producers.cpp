#include <utility>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"

namespace hailstorm::broker {

/// There are no transactions, and the time of a producer's last batch is not remembered.
void serve(KafkaContext context, KafkaCall call, const kafka::DescribeProducersRequest& request) {
  const auto collector = Collector<kafka::DescribeProducersResponse>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  auto& topics = collector->state.topics;
  topics.resize(request.topics.size());
  for (size_t t = 0; t < topics.size(); ++t) {
    const auto& wanted = request.topics[t];
    topics[t].name = wanted.name;
    topics[t].partitions.resize(wanted.partition_indexes.size());
    for (size_t p = 0; p < topics[t].partitions.size(); ++p) {
      topics[t].partitions[p].partition_index = wanted.partition_indexes[p];
      collector->begin();
      context.ask(call, ProducersRequest{{wanted.name, wanted.partition_indexes[p]}},
                  [collector, t, p](const ProducersReply& reply, auto) {
                    auto& into = collector->state.topics[t].partitions[p];
                    into.error_code = kafka_error(reply.outcome.code);
                    into.error_message = kafka_message(reply.outcome);
                    for (const auto& producer : reply.producers) {
                      auto& described = into.active_producers.emplace_back();
                      described.producer_id = producer.id;
                      described.producer_epoch = producer.epoch;
                      described.last_sequence = producer.last_sequence;
                      described.coordinator_epoch = -1;
                    }
                    collector->finish();
                  });
    }
  }
  collector->finish();
}

}  // namespace hailstorm::broker
