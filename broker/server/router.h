#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "broker/server/broker_metrics.h"
#include "broker/server/descriptors.h"
#include "broker/server/links.h"
#include "broker/server/reply.h"
#include "common/base/result.h"

namespace hailstorm::broker {

enum class RouterErrc { port_in_use, cannot_bind };
[[nodiscard]] std::string_view name_of(RouterErrc code);

struct RouterOptions {
  std::string host = "127.0.0.1";
  int port = 7400;  // 0: any free one
  PeerLimits peers;
};

/// The broker's end of the network: speaks ZMTP 3 with any number of ZeroMQ sockets, on the thread
/// of its caller. What peers may take of memory and descriptors is bounded over all of them.
///
/// Thread safety: not safe, but for wake().
class Router final : public ReplySink {
 public:
  using OnMessage = std::function<void(const PeerId&, std::span<const MutableBytes>)>;

  /// `metrics`, and `descriptors` where it is given, must remain live while this is in use.
  /// Errors: any RouterErrc, and AddressErrc::unknown_host.
  [[nodiscard]] static Result<std::unique_ptr<Router>> bind(RouterOptions options,
                                                            BrokerMetrics& metrics,
                                                            Descriptors* descriptors = nullptr);
  ~Router() override;

  [[nodiscard]] int port() const;

  /// Sends what waits to be sent; then waits until a message may be there (if `for_messages`),
  /// wake() was called, or `timeout_ms` passed. Closes peers that are over a limit.
  void wait(int timeout_ms, bool for_messages);
  /// Makes wait() return. May be called from any thread.
  void wake();

  /// One step: receives from one peer, or hands one of its messages to `on_message`; the frames'
  /// bytes live until that returns. False: there is nothing to receive before the next wait().
  bool receive(const OnMessage& on_message);

  void send(const PeerId& peer, Reply reply) override;
  [[nodiscard]] int64_t credit_bytes(const PeerId& peer) const override;

 private:
  struct Impl;
  explicit Router(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::broker
