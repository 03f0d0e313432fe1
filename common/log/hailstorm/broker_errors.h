#pragma once

#include <string_view>

#include "common/base/error.h"
#include "common/log/hailstorm/pending_requests.h"
#include "common/log/types.h"
#include "common/wire/codec.h"
#include "common/wire/messages.h"

namespace hailstorm::log::hail {

/// The broker's error as a service sees it, with its message. REQUIRES: outcome.code is not none.
[[nodiscard]] Error error_of(const wire::Outcome& outcome);

/// True when the request may be sent again after a while, because nothing about it is wrong. A
/// closed partition is not waited for: it opens at the broker's next start, if then.
[[nodiscard]] bool may_pass(wire::ErrorCode code);

/// The body of a reply. Where a broker rejects a request whole, it answers with nothing but an
/// outcome; a reply that cannot be decoded becomes an outcome too.
template <class Body>
[[nodiscard]] Body body_of(const Reply& reply) {
  auto body = wire::decode<Body>(reply.body);
  if (body.ok()) return std::move(body).value();
  Body failed;
  auto rejected = wire::decode<wire::DeleteTopicReply>(reply.body);
  if (rejected.ok() && rejected->outcome.code != wire::ErrorCode::none) {
    failed.outcome = rejected->outcome;
  } else {
    failed.outcome = {wire::ErrorCode::unknown_server_error,
                      "the broker's answer cannot be read; is it of another version?"};
  }
  return failed;
}

}  // namespace hailstorm::log::hail
