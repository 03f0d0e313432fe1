#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/bytes.h"

namespace hailstorm::log::hail {

/// Received bytes and what keeps them alive.
struct Frame {
  std::shared_ptr<const void> owner;
  Bytes bytes;
};

/// What the broker sent: a header with the body of a reply, and the batches that belong to it.
struct Message {
  Frame head;
  std::vector<Frame> data;
};

/// Bytes that stay alive while they are sent, however often.
using SharedBytes = std::shared_ptr<const std::vector<uint8_t>>;

/// One connection to the broker, which is made again by itself after a loss. Requests that were
/// not answered by then are lost: the caller must send them again.
///
/// Thread safety: not safe, but for poll() and wake(): these may be called from any thread at any
/// time.
class Connection {
 public:
  enum class Event { message, connected, lost, nothing };

  virtual ~Connection() = default;

  [[nodiscard]] virtual bool connected() const = 0;

  /// Sends one request; `data` (may be null) is its second frame. Does not wait. REQUIRES:
  /// connected().
  virtual void send(std::vector<uint8_t> head, SharedBytes data) = 0;

  /// The next thing that has happened; `message` is filled in with Event::message. Does not wait.
  [[nodiscard]] virtual Event next(Message& message) = 0;

  /// Waits until next() may have something, wake() was called since it last had nothing, or
  /// `timeout_ms` passed. May return earlier.
  virtual void poll(int64_t timeout_ms) = 0;

  /// Drops the connection and begins a new one, as after a loss (next() does not report this one).
  virtual void reset() = 0;

  /// Makes poll() return, now or the next time it is called.
  virtual void wake() = 0;
};

/// Makes connections to one broker: the only way from the client to a network, so that a test can
/// be the network. Must outlive its connections.
///
/// Thread safety: safe.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Begins to connect.
  [[nodiscard]] virtual std::unique_ptr<Connection> connect() = 0;

  /// Where the broker is, for messages: "127.0.0.1:7070".
  [[nodiscard]] virtual std::string broker_address() const = 0;
};

}  // namespace hailstorm::log::hail
