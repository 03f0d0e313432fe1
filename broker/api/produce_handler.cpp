#include "broker/api/produce_handler.h"

#include <fmt/format.h>

#include "broker/api/api_errors.h"

namespace hailstorm::broker {

using wire::ErrorCode;

wire::Outcome ProduceHandler::check(const wire::ProduceRequest& request) const {
  if (is_internal(request.topic)) {
    return {
        ErrorCode::policy_violation,
        fmt::format("topic '{}' is the broker's own; nobody else may write to it", request.topic)};
  }
  if (request.acks != wire::Acks::all && request.acks != wire::Acks::leader) {
    return {ErrorCode::invalid_request, "acks must be 1 or -1 (all)"};
  }
  return {};
}

void ProduceHandler::handle(const wire::ProduceRequest& request, MutableBytes batch,
                            Responder<wire::ProduceReply> responder) {
  if (wire::Outcome refused = check(request); refused.code != ErrorCode::none) {
    return responder.refuse(std::move(refused));
  }
  const wire::TopicPartition id{request.topic, request.partition};
  Partition* const partition = topics_.partition(id);
  if (partition == nullptr) return responder.refuse(why_no_partition(topics_, id));
  if (!reserve_.has_room(batch.size())) return responder.refuse(reserve_.outcome());
  append(request.acks, *partition, batch, std::move(responder));
}

void ProduceHandler::append(wire::Acks acks, Partition& partition, MutableBytes batch,
                            Responder<wire::ProduceReply> responder) {
  const auto appended = partition.append(batch);
  if (!appended.ok()) {
    if (appended.error().is(storage::StorageErrc::no_space)) reserve_.note_refusal();
    return responder.refuse(outcome_of(appended.error()));
  }
  if (!appended->duplicate) metrics_.produced_bytes.add(batch.size());

  const int64_t base_offset = appended->base_offset;
  if (acks == wire::Acks::leader) return responder.answer({{}, base_offset});
  partition.when_durable(appended->last_offset, [responder = std::move(responder),
                                                 base_offset](const Status& durable) mutable {
    if (durable.ok()) return responder.answer({{}, base_offset});
    responder.refuse(outcome_of(durable.error()));
  });
}

}  // namespace hailstorm::broker
