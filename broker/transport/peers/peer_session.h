#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/api/responder.h"
#include "common/base/bytes.h"

namespace hailstorm::broker {

/// One peer's connection, whatever its protocol: takes the bytes that come apart into messages, and
/// keeps the answers until the peer has taken them. It owns the descriptor.
///
/// Thread safety: not safe.
class PeerSession {
 public:
  PeerSession(int fd, SessionId id, int64_t now_ms);
  virtual ~PeerSession();
  PeerSession(const PeerSession&) = delete;
  PeerSession& operator=(const PeerSession&) = delete;

  enum class Step {
    message,  // one is complete
    more,     // all bytes were used
    dropped,  // a message that is too much ended; nothing is kept of it
    fault,    // see fault(); the connection is of no use any more
  };
  /// Takes bytes off the front of `bytes` until one message is complete. Then the rest is for the
  /// next call, after clear_message(). Memory is taken for what has come, not for what is
  /// announced.
  [[nodiscard]] virtual Step take(Bytes& bytes, int64_t now_ms) = 0;
  /// Where the next bytes of a large message belong, so that they need not be copied; empty: use
  /// take(). received() says how many were put there.
  [[nodiscard]] virtual MutableBytes large_rest() = 0;
  [[nodiscard]] virtual Step received(size_t bytes, int64_t now_ms) = 0;
  virtual void clear_message() = 0;
  [[nodiscard]] std::string_view fault() const { return fault_; }

  /// It has shown that it speaks the protocol.
  [[nodiscard]] virtual bool is_open() const = 0;
  /// False: leave what it sends in its socket for now.
  [[nodiscard]] virtual bool wants_input() const { return true; }
  /// Keeps what was received of it, until it wants input again.
  void hold(Bytes rest) {
    is_held = true;
    held_rest_.insert(held_rest_.end(), rest.begin(), rest.end());
  }
  /// What hold() kept: no longer kept here.
  [[nodiscard]] std::vector<uint8_t> take_held_rest() { return std::exchange(held_rest_, {}); }
  /// Of the message that is being received, and of what hold() keeps.
  [[nodiscard]] int64_t held_bytes() const {
    return message_bytes() + static_cast<int64_t>(held_rest_.size());
  }
  /// Of the part of it that is being received, not here yet.
  [[nodiscard]] virtual uint64_t rest_bytes() const = 0;
  /// Of answers that the peer has not taken.
  [[nodiscard]] virtual int64_t unread_bytes() const { return outgoing_bytes_; }

  /// Sends what the peer takes without waiting. False: the connection is gone.
  [[nodiscard]] bool flush(int64_t now_ms);
  /// The peer takes bytes again.
  void unblock() { is_blocked_ = false; }
  virtual void drop_answers();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] SessionId id() const { return id_; }

  // On the steady clock.
  [[nodiscard]] int64_t opened_ms() const { return opened_ms_; }
  [[nodiscard]] int64_t heard_ms() const { return heard_ms_; }      // some byte
  [[nodiscard]] int64_t message_ms() const { return message_ms_; }  // a whole message
  [[nodiscard]] int64_t taken_ms() const { return taken_ms_; }      // the peer last took a byte

  // What the session table notes about it.
  bool is_ready = false;    // there may be bytes to receive
  bool is_hung_up = false;  // and their end
  bool is_starved = false;  // waits for memory
  bool is_held = false;     // did not want input when it was to be read
  bool is_dirty = false;    // has answers that were not tried to send
  bool is_doomed = false;   // to be closed
  int64_t counted_held_bytes = 0;
  int64_t counted_unread_bytes = 0;

 protected:
  /// Of the message that is being received.
  [[nodiscard]] virtual int64_t message_bytes() const = 0;
  void push(std::vector<uint8_t> bytes);
  /// `owner` keeps the bytes alive.
  void push(std::shared_ptr<const void> owner, Bytes bytes);
  [[nodiscard]] int64_t outgoing_bytes() const { return outgoing_bytes_; }

  void note_heard(int64_t now_ms) { heard_ms_ = now_ms; }
  void note_message(int64_t now_ms) { message_ms_ = now_ms; }

  std::string_view fault_;

 private:
  /// Bytes to send and what keeps them alive.
  struct Chunk {
    std::vector<uint8_t> own;
    std::shared_ptr<const void> owner;
    Bytes bytes;
  };
  void push_chunk(Chunk chunk);
  void sent(size_t bytes);

  const int fd_;
  const SessionId id_;
  std::vector<uint8_t> held_rest_;
  std::deque<Chunk> outgoing_;
  size_t first_sent_ = 0;  // of the first chunk
  int64_t outgoing_bytes_ = 0;
  bool is_blocked_ = false;

  int64_t opened_ms_;
  int64_t heard_ms_;
  int64_t message_ms_;
  int64_t taken_ms_;
};

}  // namespace hailstorm::broker
