#include "common/log/hailstorm/rpc_client.h"

#include <fmt/format.h>

#include "common/base/clock.h"

namespace hailstorm::log::hail {
namespace {

constexpr int64_t kPauseMs = 100;

int64_t now_ms() { return SystemClock().steady_ms(); }

}  // namespace

void RpcClient::start() { deadline_ms_ = now_ms() + timeout_ms_; }

bool RpcClient::time_is_up() const { return now_ms() >= deadline_ms_; }

bool RpcClient::connect() {
  // Also notices a loss since the last call, and drops answers that came too late for it.
  Reply stale;
  while (connection_.wait(0, stale) != Connection::Event::nothing) {
  }
  while (!connection_.connected()) {
    const int64_t left_ms = deadline_ms_ - now_ms();
    if (left_ms <= 0) return false;
    (void)connection_.wait(left_ms, stale);
  }
  return true;
}

std::optional<Reply> RpcClient::receive(uint64_t correlation_id) {
  Reply reply;
  while (true) {
    const int64_t left_ms = deadline_ms_ - now_ms();
    if (left_ms <= 0) return std::nullopt;
    const auto event = connection_.wait(left_ms, reply);
    if (event == Connection::Event::lost) return std::nullopt;
    if (event == Connection::Event::reply && reply.correlation_id == correlation_id) return reply;
  }
}

bool RpcClient::passes_soon(wire::ErrorCode code) {
  return code == wire::ErrorCode::coordinator_load_in_progress ||
         code == wire::ErrorCode::shutting_down;
}

bool RpcClient::pause() {
  Reply stale;
  const int64_t until_ms = now_ms() + kPauseMs;
  while (now_ms() < until_ms && !time_is_up()) (void)connection_.wait(until_ms - now_ms(), stale);
  return !time_is_up();
}

Error RpcClient::no_answer(wire::Api api) const {
  return {LogErrc::unavailable, fmt::format("{}: no answer from the broker within {} ms",
                                            wire::name_of(api), timeout_ms_)};
}

Error RpcClient::in_doubt(wire::Api api) const {
  return {LogErrc::unknown_outcome,
          fmt::format("{}: it was sent, but no answer came within {} ms; look whether it took "
                      "effect before asking again",
                      wire::name_of(api), timeout_ms_)};
}

}  // namespace hailstorm::log::hail
