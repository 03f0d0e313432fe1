#include <string>
#include <utility>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"
#include "common/wire/record_batch.h"
#include "common/wire/record_batch_format.h"
#include "common/wire/topic_name.h"

namespace hailstorm::broker {
namespace {

namespace format = wire::batch_format;

constexpr int16_t kNoAcks = 0;
constexpr size_t kMostBadRecords = 1'000;  // that a response names

struct Produced {
  kafka::ProduceResponse response;
  int16_t acks = 0;
  bool has_failed = false;
};

void end_produce(const KafkaCall& call, Produced& produced) {
  if (produced.acks != kNoAcks) return call.respond(produced.response);
  // A client that wants no answer learns of an error by the end of its connection.
  if (produced.has_failed) return call.close("acks_0", "a batch without acknowledgement failed");
  call.skip();
}

/// What is wrong with a batch whatever its partition; the partition looks at the rest.
wire::Outcome check_records(const kafka::ProduceRequest& request,
                            const std::optional<kafka::Records>& records) {
  if (request.transactional_id)
    return {ErrorCode::unsupported_version, "transactions are not served here"};
  if (request.acks < -1 || request.acks > 1)
    return {ErrorCode::invalid_required_acks, "acks may be 0, 1 or -1 (all)"};
  // As Kafka does: what is not whole is an invalid record, not a corrupt message.
  const Bytes batch = records ? records->bytes : Bytes();
  if (batch.size() < format::kHeaderBytes || wire::claimed_batch_bytes(batch) > batch.size())
    return {ErrorCode::invalid_record, "there is no whole record batch"};
  const uint8_t magic = batch[format::kMagic];
  if (magic > format::kMagicV2) return {ErrorCode::corrupt_message, "this magic is not known"};
  if (magic < format::kMagicV2)
    return {ErrorCode::invalid_record,
            "messages of magic 0 and 1, before Kafka 0.11, are not served"};
  if (get_be<int64_t>(batch.data() + format::kBaseOffset) != 0)
    return {ErrorCode::invalid_record, "the base offset of a producer's batch is 0"};
  return {};
}

/// Which records a compacted topic refuses: a client may then send the others again.
void name_bad_records(kafka::ProduceResponse::PartitionProduceResponse& into, Bytes batch) {
  const auto view = wire::RecordBatchView::parse(batch);
  if (!view.ok()) return;
  wire::RecordReader reader(*view);
  wire::RecordView record;
  for (int32_t index = 0; into.record_errors.size() < kMostBadRecords; ++index) {
    const auto more = reader.next(record);
    if (!more.ok() || !*more) return;
    if (!record.key) into.record_errors.push_back({index, "it has no key"});
  }
}

wire::Acks to_acks(int16_t acks) { return acks == -1 ? wire::Acks::all : wire::Acks::leader; }

/// The frame that was read into memory of the session's own, which may be changed.
MutableBytes writable(Bytes bytes) { return {const_cast<uint8_t*>(bytes.data()), bytes.size()}; }

}  // namespace

void serve(KafkaContext context, KafkaCall call, kafka::ProduceRequest request) {
  const auto collector = Collector<Produced>::make(call, {{}, request.acks, false}, &end_produce);
  auto& topics = collector->state.response.responses;
  topics.resize(request.topic_data.size());
  for (size_t t = 0; t < topics.size(); ++t) {
    auto& wanted = request.topic_data[t];
    topics[t].topic_id = wanted.topic_id;
    topics[t].partition_responses.resize(wanted.partition_data.size());
    const bool is_by_id = call.version() >= kNamesTopicsById;
    if (is_by_id) wanted.name = context.broker->topic_name(wanted.topic_id);
    topics[t].name = wanted.name;
    for (size_t p = 0; p < wanted.partition_data.size(); ++p) {
      const auto& partition = wanted.partition_data[p];
      const auto take = [collector, t, p, broker = context.broker, name = wanted.name](
                            const wire::ProduceReply& reply, auto) {
        auto& into = collector->state.response.responses[t].partition_responses[p];
        into.error_code = kafka_error(reply.outcome.code);
        into.error_message = kafka_message(reply.outcome);
        into.base_offset = reply.base_offset;
        if (reply.outcome.code == ErrorCode::none) {
          into.log_start_offset = broker->log_start_offset({name, into.index});
        } else {
          collector->state.has_failed = true;
        }
        collector->finish();
      };
      topics[t].partition_responses[p].index = partition.index;
      collector->begin();
      wire::Outcome bad = check_records(request, partition.records);
      if (is_by_id && wanted.name.empty())
        bad = {ErrorCode::unknown_topic_id, "there is no topic with this id"};
      if (wire::is_internal_topic(wanted.name))
        bad = {ErrorCode::invalid_topic, "this topic is the broker's own"};
      if (bad.code != ErrorCode::none) {
        take(wire::ProduceReply{std::move(bad), -1}, std::vector<storage::StoredBytes>());
        continue;
      }
      context.requests->produce(*context.broker, call.session(),
                                {wanted.name, partition.index, to_acks(request.acks)},
                                writable(partition.records->bytes), take);
      // Whatever is wrong with records is answered at once.
      auto& answered = topics[t].partition_responses[p];
      if (answered.error_code == kafka_error(ErrorCode::invalid_record) &&
          context.broker->is_compacted(wanted.name))
        name_bad_records(answered, partition.records->bytes);
    }
  }
  collector->finish();
}

}  // namespace hailstorm::broker
