#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "common/base/result.h"
#include "common/log/hailstorm/broker_errors.h"
#include "common/log/hailstorm/event_loop.h"

namespace hailstorm::log::hail {

/// Sends the broker one request at a time and waits for the answer.
///
/// Thread safety: not safe.
class RpcClient {
 public:
  /// Whether sending a request twice does what sending it once does.
  enum class Repeat { harmless, harmful };

  /// `environment` must remain live while this is in use.
  RpcClient(const Environment& environment, int timeout_ms)
      : clock_(environment.clock), timeout_ms_(timeout_ms), loop_(environment, client_, -1) {}

  /// The answer, whose outcome is none; else its error. Waits while the broker is away or cannot
  /// serve it now. Errors besides the broker's own: unavailable (no answer within the timeout),
  /// unknown_outcome (the same, of a request that was sent and that changes something).
  template <class Request>
  [[nodiscard]] Result<typename Request::Reply> call(const Request& request, Repeat repeat) {
    auto lock = loop_.lock();
    const int64_t deadline_ms = clock_.steady_ms() + timeout_ms_;
    while (true) {
      if (!connect(lock, deadline_ms)) return no_answer(Request::kApi);
      const auto reply = exchange(lock, deadline_ms, [&](OnReply on_reply) {
        return loop_.send(request, EventLoop::kNever, std::move(on_reply));
      });
      if (!reply) {
        if (repeat == Repeat::harmful) return unknown_outcome(Request::kApi);
        if (clock_.steady_ms() >= deadline_ms) return no_answer(Request::kApi);
        continue;
      }
      auto body = body_of<typename Request::Reply>(*reply);
      if (body.outcome.code == wire::ErrorCode::none) return body;
      if (!passes_soon(body.outcome.code) || !pause(lock, deadline_ms))
        return error_of(body.outcome);
    }
  }

 private:
  /// It sends only what call() is asked for.
  class Client final : public EventLoop::Client {
   public:
    void send_requests(int64_t /*now_ms*/) override {}
    [[nodiscard]] int64_t next_due_ms(int64_t /*now_ms*/) override { return EventLoop::kNever; }
    void on_connection_lost(int64_t /*now_ms*/) override { is_lost = true; }

    bool is_lost = false;
  };

  [[nodiscard]] bool connect(EventLoop::Lock& lock, int64_t deadline_ms);
  /// Nothing: the connection was lost, or it took too long.
  [[nodiscard]] std::optional<Reply> exchange(EventLoop::Lock& lock, int64_t deadline_ms,
                                              const std::function<uint64_t(OnReply)>& send);
  [[nodiscard]] static bool passes_soon(wire::ErrorCode code);
  /// Before sending again; false: there is no time for that.
  [[nodiscard]] bool pause(EventLoop::Lock& lock, int64_t deadline_ms);
  [[nodiscard]] Error no_answer(wire::Api api) const;
  [[nodiscard]] Error unknown_outcome(wire::Api api) const;

  const Clock& clock_;
  const int timeout_ms_;
  Client client_;
  EventLoop loop_;
};

}  // namespace hailstorm::log::hail
