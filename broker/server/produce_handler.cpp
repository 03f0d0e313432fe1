#include "broker/server/produce_handler.h"

#include <fmt/format.h>

#include "broker/server/api_errors.h"

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

void ProduceHandler::handle(const Caller& caller, const wire::ProduceRequest& request,
                            MutableBytes batch) {
  if (wire::Outcome refused = check(request); refused.code != ErrorCode::none) {
    return reply(caller, std::move(refused));
  }
  const wire::TopicPartition id{request.topic, request.partition};
  Partition* const partition = topics_.partition(id);
  if (partition == nullptr) return reply(caller, why_no_partition(topics_, id));
  if (!reserve_.has_room(batch.size())) return reply(caller, reserve_.outcome());
  append(caller, request.acks, *partition, batch);
}

void ProduceHandler::append(const Caller& caller, wire::Acks acks, Partition& partition,
                            MutableBytes batch) {
  const auto appended = partition.append(batch);
  if (!appended.ok()) {
    if (appended.error().is(storage::StorageErrc::no_space)) reserve_.note_refusal();
    return reply(caller, outcome_of(appended.error()));
  }
  if (!appended->duplicate) metrics_.produced_bytes.add(batch.size());

  const int64_t base_offset = appended->base_offset;
  if (acks == wire::Acks::leader) return reply(caller, {}, base_offset);
  partition.when_durable(appended->last_offset, [this, caller, base_offset](const Status& durable) {
    if (durable.ok()) return reply(caller, {}, base_offset);
    reply(caller, outcome_of(durable.error()));
  });
}

void ProduceHandler::reply(const Caller& caller, wire::Outcome outcome, int64_t base_offset) {
  answer(replies_, caller, wire::ProduceReply{std::move(outcome), base_offset});
}

}  // namespace hailstorm::broker
