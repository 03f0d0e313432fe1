#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "common/base/result.h"
#include "common/http/byte_budget.h"
#include "common/http/connection.h"
#include "common/http/connection_table.h"
#include "common/http/epoll.h"
#include "common/http/front_inbox.h"
#include "common/http/limits.h"
#include "common/http/listener.h"
#include "common/http/refusals.h"

namespace hailstorm::http {

/// The one thread that waits for all connections (epoll): it accepts, reads whole requests, hands
/// them on, and ends what takes too long. A slow client costs memory, and no thread. At the limit a
/// new connection takes the place of the one that was unused for longest.
///
/// Thread safety: run() on one thread; the others from any.
class Front {
 public:
  /// Gets a request and its connection. Gives the answer, or nothing: answer() or answer_soon() has
  /// it later. Called on the front's thread, or on one that called answer().
  using HandOn =
      std::function<std::optional<Response>(const std::shared_ptr<Connection>&, ReceivedRequest)>;

  /// Raises the process's soft limit of descriptors as far as it needs and may. Errors:
  /// cannot_listen.
  [[nodiscard]] static Result<std::unique_ptr<Front>> open(Listener listener, const Limits& limits,
                                                           HandOn hand_on);
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;

  /// Runs until stop() was called and every request that had begun is answered, or `drain_ms` are
  /// over; waits for requests that are being handled in any case.
  void run();
  void stop();
  /// How many connections there may be: what the limit of descriptors leaves of the setting.
  [[nodiscard]] size_t max_connections() const { return max_connections_; }
  /// The answer to the request that was handed on; writes it on this thread.
  void answer(const std::shared_ptr<Connection>& connection, const Response& response);
  /// The same, but the front's own thread writes it.
  void answer_soon(std::shared_ptr<Connection> connection, Response response);
  /// Streams events instead of an answer; see Connection::stream().
  void stream(const std::shared_ptr<Connection>& connection, std::optional<EventStream> events);
  /// An event was published: every stream looks for it.
  void wake_streams() { inbox_.wake_streams(); }
  /// Ends a connection whose answer cannot be made.
  static void drop(const std::shared_ptr<Connection>& connection) { connection->end(); }

 private:
  Front(Listener listener, const Limits& limits, HandOn hand_on);
  void run_once();
  void take_inbox(int64_t now_ms);
  void accept_all(int64_t now_ms);
  void add(int fd, int64_t now_ms);
  Connection::Next admit(const std::shared_ptr<Connection>& connection, int64_t now_ms);
  bool make_room(int64_t now_ms);
  void listen_again();
  void on_event(int fd, uint32_t events, int64_t now_ms);
  void follow(const std::shared_ptr<Connection>& connection, Connection::Next next, int64_t now_ms);
  template <class Call>
  void guarded(const std::shared_ptr<Connection>& connection, int64_t now_ms, const Call& call);
  template <class Call>
  void each(int64_t now_ms, const Call& call);
  void on_tick(int64_t now_ms);
  void begin_stop(int64_t now_ms);

  std::unique_ptr<Listener> listener_;  // none once it stops
  const Limits limits_;
  const size_t max_connections_;
  const HandOn hand_on_;
  ByteBudget budget_;
  Epoll epoll_;
  ConnectionTable connections_;
  bool is_listening_ = true;
  int64_t next_tick_ms_ = 0;
  int64_t drained_at_ms_ = 0;
  Refusals refusals_;
  std::atomic<bool> stops_{false};
  FrontInbox inbox_;
};

}  // namespace hailstorm::http
