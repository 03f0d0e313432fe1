#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace hailstorm::http {

/// A socket that does not block and whose events are edges (EPOLLET): what an event announced has
/// to be remembered until it has been read.
///
/// Thread safety: not safe.
class EdgeSocket {
 public:
  /// Owns `fd`.
  explicit EdgeSocket(int fd) : fd_(fd) {}
  ~EdgeSocket();
  EdgeSocket(const EdgeSocket&) = delete;
  EdgeSocket& operator=(const EdgeSocket&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  /// The socket has bytes, or room for some; `is_end`: or the peer sends no more.
  void on_event(bool is_end);
  /// Lets the next receive() look, without an event.
  void look_again() { may_have_bytes_ = true; }

  /// Nothing: no bytes are there now; an event will announce the next ones. Empty: the input has
  /// ended, or the connection has failed.
  [[nodiscard]] std::optional<std::string_view> receive(std::span<char> space);
  [[nodiscard]] bool input_ended() const { return input_ended_; }
  [[nodiscard]] bool has_failed() const { return has_failed_; }
  /// How many bytes were sent. Nothing: the connection has failed.
  [[nodiscard]] std::optional<size_t> send(std::string_view bytes);
  /// Bytes that the peer's kernel does not acknowledge for so long end the connection: a peer that
  /// is gone without a word would be noticed only when it has been sent much.
  void expect_answers_within(int timeout_ms);
  /// The peer learns that nothing more comes.
  void end_output();

 private:
  const int fd_;
  bool may_have_bytes_ = true;  // recv() did not say EAGAIN since the last event
  bool may_be_at_end_ = false;  // a read that is short does not mean that nothing is left
  bool input_ended_ = false;
  bool has_failed_ = false;
};

}  // namespace hailstorm::http
