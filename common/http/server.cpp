#include "common/http/server.h"

#include <atomic>
#include <cerrno>
#include <exception>
#include <fmt/format.h>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "common/http/front.h"
#include "common/http/probe_thread.h"
#include "common/http/thread_pool.h"
#include "common/http/web_guard.h"

namespace hailstorm::http {
namespace {

Limits limits_of(const ServerOptions& options) {
  Limits limits = options.limits;
  limits.max_body_bytes = options.max_body_bytes;
  return limits;
}

/// The address that it listens on is one of its names.
std::vector<std::string> hosts_of(const ServerOptions& options) {
  std::vector<std::string> hosts = options.hosts;
  hosts.push_back(options.host);
  return hosts;
}

Response to_response(const Refusal& refusal) {
  return problem(refusal.status, refusal.detail, {{"field", refusal.field}});
}

Response busy(const std::string& why) {
  Response response = problem(503, why + "; try again");
  response.headers["Retry-After"] = "1";
  return response;
}

}  // namespace

struct Server::Impl {
  explicit Impl(ServerOptions o) : options(std::move(o)), guard(hosts_of(options)) {}

  ServerOptions options;
  WebGuard guard;
  Router router;
  int port = 0;
  std::atomic<size_t> under_way{0};
  std::unique_ptr<GrowingThreadPool> pool;
  std::unique_ptr<Front> front;
  ProbeThread probes;
  std::thread thread;

  /// The answer to what needs no handler; else a handler has the request.
  std::optional<Response> take(const std::shared_ptr<Connection>& connection,
                               ReceivedRequest received) {
    if (const auto refused = guard.check_site(received)) return to_response(*refused);
    Request& request = received.request;
    const Route* route = router.find(request);
    if (route == nullptr) return router.answer_without_route(request);
    if (const auto refused = WebGuard::check_type(request)) return to_response(*refused);
    if (route->way == Way::at_once) return call(route->handler, request);
    if (under_way >= most_under_way(route->way)) return busy("too many requests are on their way");
    return hand_on(*route, connection, request);
  }

  /// A connection whose request is under way makes no room for a new one, so some are never used
  /// like that; and of the others some only for probes.
  [[nodiscard]] size_t most_under_way(Way way) const {
    const size_t all = front->max_connections();
    return all - all / (way == Way::probe ? 8 : 4);
  }

  /// Until the last copy of what it gives is gone.
  std::shared_ptr<void> count_under_way() {
    ++under_way;
    return {&under_way, [](std::atomic<size_t>* count) { --*count; }};
  }

  std::optional<Response> hand_on(const Route& route, const std::shared_ptr<Connection>& connection,
                                  Request& request) {
    const auto place = count_under_way();
    if (route.way == Way::async) return start(route, connection, place, request);
    auto give = [this, connection, place](const Response& response) {
      front->answer(connection, response);
    };
    if (route.way == Way::probe) {
      probes.ask(route, std::move(give));
      return std::nullopt;
    }
    const bool is_taken = pool->enqueue([&route, connection, give, taken = std::move(request)] {
      try {
        give(call(route.handler, taken));
      } catch (const std::exception&) {
        Front::drop(connection);  // there is no memory, not even for a problem
      }
    });
    if (is_taken) return std::nullopt;
    return busy("no thread can be made for this request now");
  }

  std::optional<Response> start(const Route& route, const std::shared_ptr<Connection>& connection,
                                const std::shared_ptr<void>& place, const Request& request) const {
    try {
      route.async_handler(request, [to = front.get(), connection, place](Response response) {
        to->answer_soon(connection, std::move(response));
      });
      return std::nullopt;
    } catch (const std::exception& failure) {
      return failed_handler(request, failure);
    }
  }

  Status start_threads() {
    try {
      probes.start();
      thread = std::thread([this] { front->run(); });
    } catch (const std::system_error& failure) {
      return no_thread(failure.what(), failure.code().value());
    }
    // One stays: later there may be none to be had.
    return pool->enqueue([] {}) ? Status() : no_thread("the system has none", EAGAIN);
  }

  static Error no_thread(const std::string& why, int reason) {
    return Error(HttpErrc::cannot_listen,
                 fmt::format("cannot start a thread: {}; let this process have more of them", why))
        .caused_by(reason);
  }
};

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Server::~Server() { stop(); }

void Server::route(const std::string& method, const std::string& pattern, Handler handler) {
  impl_->router.add(method, pattern, Way::pooled, std::move(handler));
}

void Server::route_async(const std::string& method, const std::string& pattern,
                         AsyncHandler handler) {
  impl_->router.add_async(method, pattern, std::move(handler));
}

void Server::route_at_once(const std::string& path, Handler handler) {
  impl_->router.add("GET", path, Way::at_once, std::move(handler));
}

void Server::route_probe(const std::string& path, Handler handler) {
  impl_->router.add("GET", path, Way::probe, std::move(handler));
}

Status Server::start() {
  auto& impl = *impl_;
  HAIL_ASSIGN_OR_RETURN(auto listener, Listener::open(impl.options.host, impl.options.port));
  impl.port = listener.port();
  impl.pool = std::make_unique<GrowingThreadPool>(impl.options.max_threads);
  HAIL_ASSIGN_OR_RETURN(impl.front,
                        Front::open(std::move(listener), limits_of(impl.options),
                                    [&impl](const auto& connection, ReceivedRequest received) {
                                      return impl.take(connection, std::move(received));
                                    }));
  return impl.start_threads();
}

int Server::port() const { return impl_->port; }

void Server::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->front->stop();
  impl_->thread.join();
  impl_->pool->shutdown();
  impl_->probes.stop();
}

}  // namespace hailstorm::http
