#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "common/http/connection.h"
#include "common/http/http.h"

namespace hailstorm::http {

/// What other threads hand to the front's thread, and the descriptor that wakes it.
///
/// Thread safety: safe.
class FrontInbox {
 public:
  using Answers = std::vector<std::pair<std::shared_ptr<Connection>, Response>>;
  using Ended = std::vector<std::shared_ptr<Connection>>;
  struct Contents {
    Answers answers;         // to be written
    Ended ended;             // connections that are to be removed
    bool has_event = false;  // a stream may have something to write
  };

  FrontInbox();
  ~FrontInbox();
  FrontInbox(const FrontInbox&) = delete;
  FrontInbox& operator=(const FrontInbox&) = delete;

  /// Becomes readable when the front's thread has something to do; -1: there is no descriptor.
  [[nodiscard]] int fd() const { return fd_; }
  void wake();
  void wake_streams();
  /// May throw std::bad_alloc; then nothing was added.
  void add_answer(std::shared_ptr<Connection> connection, Response response);
  void add_ended(std::shared_ptr<Connection> connection);
  /// Everything that was added since the last call.
  [[nodiscard]] Contents take();

 private:
  void wake_locked();

  const int fd_;
  std::mutex mutex_;
  bool is_woken_ = false;  // a wake-up is on its way
  Contents contents_;
};

}  // namespace hailstorm::http
