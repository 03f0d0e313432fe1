#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "broker/server/broker_metrics.h"
#include "broker/server/reply.h"
#include "common/base/result.h"
#include "common/wire/limits.h"

namespace hailstorm::broker {

enum class RouterErrc { port_in_use, cannot_bind };
[[nodiscard]] std::string_view name_of(RouterErrc code);

struct RouterOptions {
  std::string host = "127.0.0.1";
  int port = 7400;                                                   // 0: any free one
  int64_t max_message_bytes = wire::kMostMaxBatchBytes + (1 << 20);  // a batch, and what names it
  size_t max_frames = 8;
  int64_t peer_credit_bytes = 32 << 20;    // sent to one peer and not read by it
  int64_t total_credit_bytes = 256 << 20;  // to all of them; above it a peer has only the next
  int64_t reader_credit_bytes = 256 << 10;
};

/// The broker's end of the network: a ZeroMQ ROUTER socket. What a peer does not read is bounded in
/// bytes by a credit that each frame takes when it is sent and gives back when ZeroMQ has let go of
/// it.
///
/// Thread safety: not safe, but for wake().
class Router final : public ReplySink {
 public:
  using OnMessage = std::function<void(const PeerId&, std::span<const MutableBytes>)>;

  /// `metrics` must remain live while this is in use.
  /// Errors: any RouterErrc, and AddressErrc::unknown_host.
  [[nodiscard]] static Result<std::unique_ptr<Router>> bind(RouterOptions options,
                                                            BrokerMetrics& metrics);
  ~Router() override;

  [[nodiscard]] int port() const;

  /// Until a message is there (if `for_messages`), wake() was called, or `timeout_ms` passed.
  void wait(int timeout_ms, bool for_messages);
  /// Makes wait() return. May be called from any thread.
  void wake();

  /// Takes one message, if one is there, and hands it to `on_message`; the frames' bytes live until
  /// that returns. False: there was none. Messages of too many frames are dropped.
  bool receive(const OnMessage& on_message);

  void send(const PeerId& peer, Reply reply) override;
  [[nodiscard]] bool has_credit(const PeerId& peer) const override;
  /// Forgets peers that owe nothing. Call it every second or so.
  void forget_idle_peers();
  /// Counts the peers that were refused for what they sent first. Call it every second or so.
  void count_refused_peers();

 private:
  struct Impl;
  explicit Router(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::broker
