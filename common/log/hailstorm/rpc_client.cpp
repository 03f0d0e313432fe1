#include "common/log/hailstorm/rpc_client.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace hailstorm::log::hail {
namespace {

constexpr int64_t kResendPauseMs = 100;

}  // namespace

bool RpcClient::connect(EventLoop::Lock& lock, int64_t deadline_ms) {
  loop_.run_once();  // a connection that was lost since the last call must not count
  return loop_.run_until(lock, deadline_ms, [this] { return loop_.connected(); });
}

std::optional<Reply> RpcClient::exchange(EventLoop::Lock& lock, int64_t deadline_ms,
                                         const std::function<uint64_t(OnReply)>& send) {
  std::optional<Reply> answer;
  client_.is_lost = false;
  const uint64_t id = send([&answer](Reply reply, int64_t) { answer = std::move(reply); });
  loop_.run_until(lock, deadline_ms, [&] { return answer || client_.is_lost; });
  loop_.cancel(id);
  return answer;
}

bool RpcClient::passes_soon(wire::ErrorCode code) {
  return code == wire::ErrorCode::coordinator_load_in_progress ||
         code == wire::ErrorCode::shutting_down;
}

bool RpcClient::pause(EventLoop::Lock& lock, int64_t deadline_ms) {
  const int64_t until_ms = std::min(clock_.steady_ms() + kResendPauseMs, deadline_ms);
  loop_.run_until(lock, until_ms, [] { return false; });
  return clock_.steady_ms() < deadline_ms;
}

Error RpcClient::no_answer(wire::Api api) const {
  return {LogErrc::unavailable, fmt::format("{}: no answer from the broker within {} ms",
                                            wire::name_of(api), timeout_ms_)};
}

Error RpcClient::unknown_outcome(wire::Api api) const {
  return {LogErrc::unknown_outcome,
          fmt::format("{}: it was sent, but no answer came within {} ms; look whether it took "
                      "effect before asking again",
                      wire::name_of(api), timeout_ms_)};
}

}  // namespace hailstorm::log::hail
