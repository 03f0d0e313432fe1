#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/http/http.h"
#include "common/http/limits.h"
#include "common/http/router.h"

namespace hailstorm {
class GrowingThreadPool;
}

namespace hailstorm::http {

class Connection;
class Front;
class ProbeThread;
class WebGuard;
struct ReceivedRequest;

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;  // 0: any free one
  size_t max_body_bytes = 64 << 10;
  /// Requests that are handled at a time, each by a thread that is started when needed; others
  /// wait. A connection that is slow or idle takes no thread.
  size_t max_threads = 64;
  /// Names besides localhost and IP addresses under which clients reach this server; others are
  /// answered 421.
  std::vector<std::string> hosts = {};
  Limits limits = {};  // except for the body, see above
};

/// An HTTP/1.1 server. A request that breaks RFC 9112, is too large or too slow, or is for an
/// unknown path or another site is answered with a problem. Requests on one connection are answered
/// in their order, one at a time. At the limit of connections a new one takes the place of the one
/// that was without a whole request for longest.
///
/// Thread safety: route() before start(); the rest from one thread.
class Server {
 public:
  explicit Server(ServerOptions options);
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// `pattern` is a regular expression for the whole path: "/rides/([^/]+)".
  void route(const std::string& method, const std::string& pattern, Handler handler);
  /// For requests that wait for something other than a processor, such as a commit: they take no
  /// thread meanwhile. stop() waits for the answer.
  void route_async(const std::string& method, const std::string& pattern, AsyncHandler handler);

  /// For a GET whose answer is known at once, such as that this process lives. `handler` runs on
  /// the thread that waits for all connections, so it must not block.
  void route_at_once(const std::string& path, Handler handler);
  /// For a GET by which others watch this process, with the same answer for every client: made on a
  /// thread of its own, once for all that wait for it, and with a part of the connections kept back
  /// for it. So a server that is flooded, or whose threads all wait, can still be seen. `handler`
  /// gets an empty request.
  void route_probe(const std::string& path, Handler handler);

  /// For a GET of server-sent events, always the newest of `feed`, of which there may be
  /// EventFeed::kMaxStreams at a time: one more is answered with an event `full`. They take no
  /// thread, and are closed neither for their age nor for another connection; a reader that does
  /// not take an event in time is dropped. Pages of other sites get 403.
  void route_stream(const std::string& path, Admit admit, std::shared_ptr<EventFeed> feed);

  /// Listens and serves from threads of its own. Errors address_in_use, cannot_listen, and
  /// AddressErrc::unknown_host: say what to do.
  [[nodiscard]] Status start();
  /// The port that it listens on. REQUIRES: start() succeeded.
  [[nodiscard]] int port() const { return port_; }
  /// Takes no more connections, answers the requests that have begun, waits for running handlers.
  /// The last answer on each connection asks the client to close it.
  void stop();

 private:
  using Shared = std::shared_ptr<Connection>;

  /// The answer to what needs no handler; else a handler has the request.
  std::optional<Response> take(const Shared& connection, ReceivedRequest received);
  std::optional<Response> hand_on(const Route& route, const Shared& connection, Request& request);
  std::optional<Response> open_stream(const Route& route, const Shared& connection,
                                      const ReceivedRequest& received);
  std::optional<Response> start_async(const Route& route, const Shared& connection,
                                      const std::shared_ptr<void>& place, const Request& request);
  [[nodiscard]] size_t most_under_way(Way way) const;
  std::shared_ptr<void> count_under_way();
  Status start_threads();

  const ServerOptions options_;
  std::vector<std::shared_ptr<EventFeed>> feeds_;
  Router router_;
  int port_ = 0;
  std::atomic<size_t> under_way_{0};
  std::unique_ptr<WebGuard> guard_;
  std::unique_ptr<GrowingThreadPool> pool_;
  std::unique_ptr<Front> front_;
  std::unique_ptr<ProbeThread> probes_;
  std::thread thread_;
};

}  // namespace hailstorm::http
