#pragma once

#include <cstdint>
#include <optional>

#include "common/base/result.h"
#include "common/log/hailstorm/broker_errors.h"
#include "common/log/hailstorm/connection.h"

namespace hailstorm::log::hail {

/// Asks the broker one thing at a time and waits for the answer.
///
/// Thread safety: not safe.
class RpcClient {
 public:
  /// Whether asking twice does what asking once does.
  enum class Repeat { harmless, harmful };

  /// `network` must remain live while this is in use.
  RpcClient(Network& network, int timeout_ms) : connection_(network), timeout_ms_(timeout_ms) {}

  /// The answer, whose outcome is none; else its error. Waits while the broker is away or cannot
  /// serve it now. Errors besides the broker's own: unavailable (no answer within the timeout),
  /// unknown_outcome (the same, of a request that was sent and that changes something).
  template <class ReplyBody, class Request>
  [[nodiscard]] Result<ReplyBody> call(wire::Api api, const Request& request, Repeat repeat) {
    start();
    while (true) {
      if (!connect()) return no_answer(api);
      const uint64_t id = connection_.send(api, request);
      const auto reply = receive(id);
      if (!reply) {
        if (repeat == Repeat::harmful) return in_doubt(api);
        if (time_is_up()) return no_answer(api);
        continue;
      }
      auto body = body_of<ReplyBody>(*reply);
      if (body.outcome.code == wire::ErrorCode::none) return body;
      if (!passes_soon(body.outcome.code) || !pause()) return error_of(body.outcome);
    }
  }

 private:
  void start();
  [[nodiscard]] bool time_is_up() const;
  [[nodiscard]] bool connect();
  [[nodiscard]] std::optional<Reply> receive(uint64_t correlation_id);
  [[nodiscard]] static bool passes_soon(wire::ErrorCode code);
  /// Before asking again; false: there is no time for that.
  [[nodiscard]] bool pause();
  [[nodiscard]] Error no_answer(wire::Api api) const;
  [[nodiscard]] Error in_doubt(wire::Api api) const;

  Connection connection_;
  int timeout_ms_;
  int64_t deadline_ms_ = 0;
};

}  // namespace hailstorm::log::hail
