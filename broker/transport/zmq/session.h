#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "broker/transport/zmq/session_limits.h"
#include "broker/transport/zmq/zmq_message.h"
#include "broker/transport/zmq/zmtp.h"
#include "common/base/bytes.h"

namespace hailstorm::broker {

/// One peer's connection: takes the bytes that come apart into messages, and keeps the answers
/// until the peer has taken them. It owns the descriptor.
///
/// Thread safety: not safe.
class ZmqSession {
 public:
  ZmqSession(int fd, SessionId id, const MessageLimits& limits, int64_t now_ms);
  ~ZmqSession();
  ZmqSession(const ZmqSession&) = delete;
  ZmqSession& operator=(const ZmqSession&) = delete;

  enum class Step {
    message,  // one is complete, see frames()
    more,     // all bytes were used
    dropped,  // a message of too many frames ended; nothing is kept of it
    fault,    // see fault(); the connection is of no use any more
  };
  /// Takes bytes off the front of `bytes` until one message is complete. Then the rest is for the
  /// next call, after clear_message(). Memory is taken for what has come, not for what is
  /// announced.
  [[nodiscard]] Step take(Bytes& bytes, int64_t now_ms);
  /// Where the next bytes of a large frame belong, so that they need not be copied; empty: use
  /// take(). received() says how many were put there.
  [[nodiscard]] MutableBytes large_rest();
  [[nodiscard]] Step received(size_t bytes, int64_t now_ms);

  /// The frames of the complete message; valid until clear_message().
  [[nodiscard]] std::span<const MutableBytes> frames();
  void clear_message();
  [[nodiscard]] std::string_view fault() const { return fault_; }
  /// The fault is that it does not speak ZMTP 3 at all.
  [[nodiscard]] bool has_other_protocol() const {
    return stage_ == Stage::greeting && !wants_mechanism_;
  }

  /// Puts an answer into the queue.
  void push(ZmqMessage message);
  /// A frame that asks whether the peer is there.
  void push_ping();
  /// Sends what the peer takes without waiting. False: the connection is gone.
  [[nodiscard]] bool flush(int64_t now_ms);
  /// The peer takes bytes again.
  void unblock() { is_blocked_ = false; }
  void drop_answers();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] SessionId id() const { return id_; }
  [[nodiscard]] bool is_open() const { return stage_ == Stage::open; }
  /// Of the message that is being received.
  [[nodiscard]] int64_t held_bytes() const { return held_bytes_; }
  /// Of the frame that is being received, not here yet.
  [[nodiscard]] uint64_t rest_bytes() const {
    return in_frame_ ? head_.body_bytes - part_bytes_ : 0;
  }
  /// Of answers that the peer has not taken.
  [[nodiscard]] int64_t unread_bytes() const { return unread_bytes_; }

  // On the steady clock.
  [[nodiscard]] int64_t opened_ms() const { return opened_ms_; }
  [[nodiscard]] int64_t heard_ms() const { return heard_ms_; }      // some byte
  [[nodiscard]] int64_t message_ms() const { return message_ms_; }  // a whole message
  [[nodiscard]] int64_t begun_ms() const { return begun_ms_; }      // the message being received
  [[nodiscard]] int64_t taken_ms() const { return taken_ms_; }      // the peer last took a byte

  // What the session table notes about it.
  bool is_ready = false;       // there may be bytes to receive
  bool is_hung_up = false;     // and their end
  bool is_starved = false;     // waits for memory
  bool is_dirty = false;       // has answers that were not tried to send
  bool is_doomed = false;      // to be closed
  bool was_warned_of = false;  // it does not read
  int64_t pinged_ms = 0;
  int64_t counted_held_bytes = 0;
  int64_t counted_unread_bytes = 0;

 private:
  enum class Stage { greeting, handshake, open };
  struct Part {
    std::unique_ptr<uint8_t[]> bytes;
    size_t size = 0;
  };
  /// Bytes to send and what keeps them alive.
  struct Chunk {
    std::vector<uint8_t> own;
    std::shared_ptr<const void> owner;
    Bytes bytes;
  };

  void greet(Bytes& bytes);
  void begin_frame(Bytes& bytes, int64_t now_ms);
  [[nodiscard]] std::string_view fault_of_head(const zmtp::FrameHead& head) const;
  void fill_frame(Bytes& bytes);
  [[nodiscard]] Step end_frame(int64_t now_ms);
  [[nodiscard]] Step end_message(int64_t now_ms);
  void push_chunk(Chunk chunk);
  void sent(size_t bytes);

  const int fd_;
  const SessionId id_;
  const MessageLimits& limits_;
  Stage stage_ = Stage::greeting;
  std::string_view fault_;
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

  std::deque<Chunk> answers_;
  size_t first_sent_ = 0;  // of the first chunk
  int64_t unread_bytes_ = 0;
  bool is_blocked_ = false;

  int64_t opened_ms_;
  int64_t heard_ms_;
  int64_t message_ms_;
  int64_t begun_ms_;
  int64_t taken_ms_;
};

}  // namespace hailstorm::broker
