#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace hailstorm::broker {

class Broker;

/// One protocol on one port, as the event loop drives it. A transport owns its connections, reads
/// requests from them, hands them to the broker, and writes the answers that it gets through their
/// Responders: in any order, or in the order of the requests of each connection where its protocol
/// demands that. Its descriptors are watched by the loop's Poller. While the broker wants no
/// requests the loop does not call receive(), so that they stay in their sockets and the kernel
/// holds the peers back.
///
/// Thread safety: not safe; the event loop's thread owns it.
class Transport {
 public:
  virtual ~Transport() = default;

  /// One short step: reads from one connection, or hands one request to the broker. Gives the bytes
  /// of that request, 0 where none was complete; nothing: there is nothing to do before the next
  /// event.
  [[nodiscard]] virtual std::optional<size_t> receive(Broker& broker) = 0;
  /// True: receive() or tick() has something to do without a new event.
  [[nodiscard]] virtual bool has_input() const = 0;

  /// Sends the answers that wait, as far as their connections take them.
  virtual void flush() = 0;
  /// Closes connections that are over a limit. The loop calls it once a pass.
  virtual void tick() = 0;
  /// How long the loop may wait for an event before it calls tick() again.
  static constexpr int64_t kAnyTimeMs = std::numeric_limits<int32_t>::max();
  [[nodiscard]] virtual int64_t max_wait_ms() const = 0;

  /// Of answers that the peers have not taken yet.
  [[nodiscard]] virtual int64_t unread_bytes() const = 0;
  /// The broker stops: requests that are still unanswered need no answer any more.
  virtual void close() = 0;
};

}  // namespace hailstorm::broker
