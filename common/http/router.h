#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/http/event_feed.h"
#include "common/http/http.h"

namespace hailstorm::http {

/// Called on one of the server's threads, several at a time. What it throws is logged and answered
/// 500.
using Handler = std::function<Response(const Request&)>;

/// Takes the answer to one request, from any thread. Must be called exactly once.
using Answer = std::function<void(Response)>;
/// Called on the thread that waits for all connections, so it must not block: it starts the work
/// and answers when that is done. What it throws is logged and answered 500, so it must not have
/// answered before.
using AsyncHandler = std::function<void(const Request&, Answer)>;

/// A stream's reader: known to the server by a session or a token, or not.
enum class StreamReader { known, anonymous };
/// Called on the thread that waits for all connections, so it must not block. The request's header
/// Last-Event-ID has the id of the last event that its client got, if any. What it throws is logged
/// and answered 500.
using Admit = std::function<StreamReader(const Request&)>;

/// Where a handler is called.
enum class Way {
  pooled,   // on a thread of the pool
  async,    // on the thread that waits for all connections; its answer comes later
  at_once,  // on the same thread, with its answer
  probe,    // on the probes' thread
  stream,   // nowhere: events are streamed
};

/// What answers a request: one of the two handlers, or a feed's events.
struct Route {
  std::string method;
  std::function<bool(Request&)> matches;  // the path; fills the captures
  Way way;
  Handler handler = nullptr;
  AsyncHandler async_handler = nullptr;
  Admit admit = nullptr;
  std::shared_ptr<EventFeed> feed = nullptr;
};

/// The routes of a server.
///
/// Thread safety: safe once all routes are there.
class Router {
 public:
  /// `pattern` is a regular expression for the whole path: "/rides/([^/]+)".
  void add(const std::string& method, const std::string& pattern, Way way, Handler handler);
  void add_async(const std::string& method, const std::string& pattern, AsyncHandler handler);
  void add_stream(const std::string& path, Admit admit, std::shared_ptr<EventFeed> feed);

  /// The route of a request, whose captures are filled then; HEAD has GET's. Null: there is none.
  [[nodiscard]] const Route* find(Request& request) const;
  /// The answer where there is none: to OPTIONS the methods of the path, otherwise 405, which names
  /// them too; 404 where there is no such path.
  [[nodiscard]] Response answer_without_route(const Request& request) const;

 private:
  std::vector<Route> routes_;
};

/// What the handler says, or 500.
[[nodiscard]] Response call(const Handler& handler, const Request& request);

/// For a handler that threw: logs what it threw, and gives a 500 that does not show it.
[[nodiscard]] Response failed_handler(const Request& request, const std::exception& failure);

}  // namespace hailstorm::http
