#pragma once

#include <functional>
#include <utility>

#include "broker/groups/append_order.h"
#include "common/base/result.h"
#include "common/wire/messages.h"

namespace hailstorm::groups {

template <class Reply>
using Answer = std::function<void(Reply)>;

/// A reply that is only an error.
template <class Reply>
void refuse(const Answer<Reply>& answer, wire::Outcome outcome) {
  Reply reply;
  reply.outcome = std::move(outcome);
  answer(std::move(reply));
}

/// The outcome of a request whose records were appended with this status.
[[nodiscard]] inline wire::Outcome outcome_of(const Status& append) {
  if (append.ok()) return {};
  return {append.error().as<wire::ErrorCode>().value_or(wire::ErrorCode::storage_error),
          "the groups' journal could not be written: " + append.error().message()};
}

/// Sends `reply` when the append has ended, or a refusal if it failed.
template <class Reply>
[[nodiscard]] AppendOrder::Then sends(Answer<Reply> answer, Reply reply) {
  return [answer = std::move(answer), reply = std::move(reply)](const Status& append) {
    if (!append.ok()) return refuse<Reply>(answer, outcome_of(append));
    answer(reply);
  };
}

/// The same for a refusal. It waits too, for the change that it follows from: a member whose
/// heartbeat was answered "unknown" must not be there again after a restart, with the epoch it had.
template <class Reply>
[[nodiscard]] AppendOrder::Then refuses(Answer<Reply> answer, wire::Outcome outcome) {
  return [answer = std::move(answer), outcome = std::move(outcome)](const Status& append) {
    refuse<Reply>(answer, append.ok() ? outcome : outcome_of(append));
  };
}

}  // namespace hailstorm::groups
