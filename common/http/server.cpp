#include "common/http/server.h"

#include <fmt/format.h>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "common/http/front.h"
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

Response no_thread() {
  Response response = problem(503, "no thread can be made for this request now; try again");
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
  std::unique_ptr<GrowingThreadPool> pool;
  std::unique_ptr<Front> front;
  std::thread thread;

  /// The answer to what needs no handler; else a handler has the request.
  std::optional<Response> take(const std::shared_ptr<Connection>& connection,
                               ReceivedRequest received) {
    if (const auto refused = guard.check_site(received)) return to_response(*refused);
    Request& request = received.request;
    const Route* route = router.find(request);
    if (route == nullptr) return router.answer_without_route(request);
    if (const auto refused = WebGuard::check_type(request)) return to_response(*refused);
    if (route->async_handler != nullptr) return start(*route, connection, request);
    const bool is_taken = pool->enqueue([this, route, connection, taken = std::move(request)] {
      front->answer(connection, call(route->handler, taken));
    });
    if (is_taken) return std::nullopt;
    return no_thread();
  }

  std::optional<Response> start(const Route& route, const std::shared_ptr<Connection>& connection,
                                const Request& request) const {
    try {
      route.async_handler(request, [to = front.get(), connection](Response response) {
        to->answer_soon(connection, std::move(response));
      });
      return std::nullopt;
    } catch (const std::exception& failure) {
      return failed_handler(request, failure);
    }
  }
};

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Server::~Server() { stop(); }

void Server::route(const std::string& method, const std::string& pattern, Handler handler) {
  impl_->router.add(method, pattern, std::move(handler));
}

void Server::route_async(const std::string& method, const std::string& pattern,
                         AsyncHandler handler) {
  impl_->router.add_async(method, pattern, std::move(handler));
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
  try {
    impl.thread = std::thread([front = impl.front.get()] { front->run(); });
  } catch (const std::system_error& failure) {
    return Error(HttpErrc::cannot_listen,
                 fmt::format("cannot start a thread: {}; let this process have more of them",
                             failure.what()))
        .caused_by(failure.code().value());
  }
  return {};
}

int Server::port() const { return impl_->port; }

void Server::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->front->stop();
  impl_->thread.join();
  impl_->pool->shutdown();
}

}  // namespace hailstorm::http
