#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "broker/transport/peers/peer_limits.h"
#include "broker/transport/peers/peer_session.h"
#include "broker/transport/zmq/zmq_message.h"
#include "broker/transport/zmq/zmtp.h"
#include "common/base/bytes.h"

namespace hailstorm::broker {

/// One ZeroMQ socket's connection: takes the bytes of ZMTP apart into messages of some frames.
///
/// Thread safety: not safe. The limits must remain live while it is in use.
class ZmqSession final : public PeerSession {
 public:
  ZmqSession(int fd, SessionId id, const MessageLimits& limits, int64_t now_ms)
      : PeerSession(fd, id, now_ms), limits_(limits) {}

  [[nodiscard]] Step take(Bytes& bytes, int64_t now_ms) override;
  [[nodiscard]] MutableBytes large_rest() override;
  [[nodiscard]] Step received(size_t bytes, int64_t now_ms) override;
  /// The frames of the complete message; valid until clear_message().
  [[nodiscard]] std::span<const MutableBytes> frames();
  void clear_message() override;
  /// The fault is that it does not speak ZMTP 3 at all.
  [[nodiscard]] bool has_other_protocol() const {
    return stage_ == Stage::greeting && !wants_mechanism_;
  }

  /// Puts an answer into the queue.
  void push_message(ZmqMessage message);
  /// A frame that asks whether the peer is there.
  void push_ping() { push(zmtp::ping()); }

  [[nodiscard]] bool is_open() const override { return stage_ == Stage::open; }
  [[nodiscard]] uint64_t rest_bytes() const override {
    return in_frame_ ? head_.body_bytes - part_bytes_ : 0;
  }

  // What the sockets note about it.
  bool was_warned_of = false;  // it does not read
  int64_t pinged_ms = 0;

 private:
  [[nodiscard]] int64_t message_bytes() const override { return held_bytes_; }

  enum class Stage { greeting, handshake, open };
  struct Part {
    std::unique_ptr<uint8_t[]> bytes;
    size_t size = 0;
  };

  void greet(Bytes& bytes);
  void begin_frame(Bytes& bytes);
  [[nodiscard]] std::string_view fault_of_head(const zmtp::FrameHead& head) const;
  void fill_frame(Bytes& bytes);
  [[nodiscard]] Step end_frame(int64_t now_ms);
  [[nodiscard]] Step end_message(int64_t now_ms);

  const MessageLimits& limits_;
  Stage stage_ = Stage::greeting;
  bool wants_mechanism_ = false;

  std::array<uint8_t, zmtp::kGreetingBytes> first_{};  // the greeting, then heads of frames
  size_t first_bytes_ = 0;
  bool in_frame_ = false;
  zmtp::FrameHead head_;
  Part part_;
  size_t part_bytes_ = 0;  // of it, received
  std::vector<Part> parts_;
  std::vector<MutableBytes> frames_;
  uint64_t message_bytes_ = 0;
  bool is_dropping_ = false;
  int64_t held_bytes_ = 0;
};

}  // namespace hailstorm::broker
