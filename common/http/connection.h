#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/http/byte_budget.h"
#include "common/http/edge_socket.h"
#include "common/http/event_stream.h"
#include "common/http/http.h"
#include "common/http/limits.h"
#include "common/http/request_parser.h"

namespace hailstorm::http {

/// One client's connection: reads a request, waits for its answer, writes that, reads the next one.
/// Never blocks. What it holds is bounded: of requests that come while one is being worked on, what
/// came in one read; the kernel keeps the client from sending more.
///
/// Thread safety: safe. Every call says what its caller does next.
class Connection {
 public:
  enum class Next {
    wait,    // nothing
    handle,  // take_request(), and call answer() when there is one
    remove,  // it has ended
  };

  /// Owns `fd`, which must not block. `limits` and `budget` must remain live.
  Connection(int fd, const Limits& limits, ByteBudget& budget, int64_t now_ms);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] int fd() const { return socket_.fd(); }

  /// The socket has bytes, or room for some; `is_end`: or the peer sends no more.
  [[nodiscard]] Next on_event(bool is_end, int64_t now_ms);
  /// REQUIRES: the last call gave `handle`.
  [[nodiscard]] ReceivedRequest take_request();
  /// The answer to the request that was taken.
  [[nodiscard]] Next answer(const Response& response, int64_t now_ms);
  /// Instead of an answer: events from now on, until either side ends the connection. The answer to
  /// HEAD is the head alone.
  [[nodiscard]] Next stream(std::optional<EventStream> events, int64_t now_ms);
  /// There may be a newer event for a stream.
  [[nodiscard]] Next on_publish(int64_t now_ms);
  /// Ends what takes longer than its limit.
  [[nodiscard]] Next on_tick(int64_t now_ms);
  /// Answers a connection for which there is no room, before it asked.
  [[nodiscard]] Next refuse(const Response& response, int64_t now_ms);
  /// The server stops: ends a connection without a request; another one after its next answer.
  [[nodiscard]] Next on_stop(int64_t now_ms);
  [[nodiscard]] Next end_unless_handling();
  /// When it was last used: it was opened, or a request of it was complete or answered. Nothing: a
  /// request is being handled, or events are streamed.
  [[nodiscard]] std::optional<int64_t> unused_since_us();
  /// Makes room for another connection, unless a request is there after all. A client that waits
  /// for an answer, or has sent no request yet, gets this one.
  [[nodiscard]] Next evict(const Response& response, int64_t now_ms);
  void end();

 private:
  enum class State { reading, handling, writing, streaming, lingering, ended };

  Next advance(int64_t now_ms);
  void go_on(int64_t now_ms);
  bool read(int64_t now_ms);
  bool parse(int64_t now_ms);
  bool write(int64_t now_ms);
  bool write_events(int64_t now_ms);
  bool drop();
  /// As EdgeSocket::receive(); ends a connection that has failed.
  std::optional<std::string_view> receive(std::span<char> space);
  void end_of_input(int64_t now_ms);
  void queue_answer(const Response& response, bool closes, int64_t now_ms);
  void refuse_request(const Response& response, int64_t now_ms);
  bool account();
  void become(State state, int64_t deadline_ms);

  EdgeSocket socket_;
  const Limits& limits_;
  BudgetShare charge_;
  std::mutex mutex_;
  RequestParser parser_;
  State state_ = State::reading;
  int drops_left_ = 0;   // reads of what is dropped, until the next event or tick
  bool closes_ = false;  // after the answer that is written
  bool is_stopping_ = false;
  bool keeps_ = true;     // as the request that is handled asks
  bool has_body_ = true;  // its answer
  std::string unsent_;
  std::optional<EventStream> events_;  // while streaming
  const int64_t since_ms_;
  int64_t used_us_;
  bool has_asked_ = false;  // it had a whole request
  int64_t deadline_ms_ = 0;
};

}  // namespace hailstorm::http
