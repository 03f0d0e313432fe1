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
  const wire::TopicPartition id{request.topic, request.partition};
  if (topics_.log(id) == nullptr) return why_no_log(topics_, id);
  return {};
}

void ProduceHandler::handle(const wire::ProduceRequest& request, MutableBytes batch,
                            Responder<wire::ProduceReply> responder) {
  if (wire::Outcome refused = check(request); refused.code != ErrorCode::none) {
    return responder.refuse(std::move(refused));
  }
  if (!reserve_.has_room(batch.size())) return responder.refuse(reserve_.outcome());
  const wire::TopicPartition id{request.topic, request.partition};
  storage::PartitionLog* log = topics_.log(id);
  const auto appended = log->append(batch);
  if (!appended.ok()) {
    if (appended.error().is(storage::StorageErrc::no_space)) reserve_.note_refusal();
    return responder.refuse(outcome_of(appended.error()));
  }
  if (!appended->duplicate) metrics_.produced_bytes.add(batch.size());

  const int64_t base_offset = appended->base_offset;
  if (request.acks == wire::Acks::leader) {
    commits_.appended(id, appended->last_offset, nullptr);
    return responder.answer({{}, base_offset});
  }
  commits_.appended(id, appended->last_offset, [responder = std::move(responder), base_offset](const Status& durable) mutable {
    if (durable.ok()) return responder.answer({{}, base_offset});
    responder.refuse(outcome_of(durable.error()));
  });
}

}  // namespace hailstorm::broker
