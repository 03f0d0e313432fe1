#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/address.h"
#include "common/base/bytes.h"
#include "common/wire/codec.h"

namespace hailstorm::log::hail {

/// Where one broker is, and the ZeroMQ context that every connection to it shares. Must outlive its
/// connections.
///
/// Thread safety: safe.
class Network {
 public:
  explicit Network(Address address);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  [[nodiscard]] const Address& address() const { return address_; }

 private:
  friend class Connection;
  struct Impl;
  Address address_;
  std::unique_ptr<Impl> impl_;
};

/// Received bytes and what keeps them alive.
struct Frame {
  std::shared_ptr<const void> owner;
  Bytes bytes;
};

struct Reply {
  uint64_t correlation_id = 0;
  wire::Api api = wire::Api::metadata;
  Frame head;
  Bytes body;  // within head
  std::vector<Frame> data;
};

/// Bytes that stay alive while ZeroMQ sends them, however often.
using SharedBytes = std::shared_ptr<const std::vector<uint8_t>>;

/// One connection to the broker, which comes back by itself. When it is lost, what was sent over it
/// and not answered is forgotten on this side: whoever asked must ask again.
///
/// Thread safety: not safe, but for wake() and await(). Whoever calls the others must hold what
/// protects it.
class Connection {
 public:
  enum class Event { reply, connected, lost, nothing };

  /// Begins to connect. `network` must remain live while this is in use.
  explicit Connection(Network& network);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] bool connected() const;

  /// Sends a request and gives its correlation id. REQUIRES: connected().
  template <class Request>
  uint64_t send(wire::Api api, const Request& request, const SharedBytes& data = nullptr) {
    const wire::FrameHeader header{api, ++last_correlation_id_};
    send_frames(wire::encode(header, request), data);
    return header.correlation_id;
  }

  /// The next thing that has happened; `reply` is filled in with Event::reply. Does not wait.
  [[nodiscard]] Event next(Reply& reply);

  /// Waits until next() may have something, wake() was called since it last had nothing, or
  /// `timeout_ms` passed. May be called from any thread, without what protects the rest.
  void await(int64_t timeout_ms);

  /// next(), waiting for it. `nothing`: `timeout_ms` passed.
  [[nodiscard]] Event wait(int64_t timeout_ms, Reply& reply);

  /// Gives the connection up and begins a new one, as after a loss (which is not told again).
  void reset();

  /// Makes await() return, now or the next time it is called. May be called from any thread.
  void wake();

 private:
  void send_frames(std::vector<uint8_t> head, SharedBytes data);

  struct Impl;
  std::unique_ptr<Impl> impl_;
  uint64_t last_correlation_id_ = 0;
};

}  // namespace hailstorm::log::hail
