#include "common/http/server.h"

#include <atomic>
#include <cerrno>
#include <exception>
#include <fmt/format.h>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "common/base/clock.h"
#include "common/base/thread_pool.h"
#include "common/http/event_stream.h"
#include "common/http/front.h"
#include "common/http/probe_thread.h"
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

Error no_thread(const std::string& why, int reason) {
  return Error(HttpErrc::cannot_listen,
               fmt::format("cannot start a thread: {}; let this process have more of them", why))
      .caused_by(reason);
}

}  // namespace

Server::Server(ServerOptions options)
    : options_(std::move(options)), guard_(std::make_unique<WebGuard>(hosts_of(options_))) {}
Server::~Server() { stop(); }

void Server::route(const std::string& method, const std::string& pattern, Handler handler) {
  router_.add(method, pattern, Way::pooled, std::move(handler));
}

void Server::route_async(const std::string& method, const std::string& pattern,
                         AsyncHandler handler) {
  router_.add_async(method, pattern, std::move(handler));
}

void Server::route_at_once(const std::string& path, Handler handler) {
  router_.add("GET", path, Way::at_once, std::move(handler));
}

void Server::route_probe(const std::string& path, Handler handler) {
  router_.add("GET", path, Way::probe, std::move(handler));
}

void Server::route_stream(const std::string& path, Admit admit, std::shared_ptr<EventFeed> feed) {
  feeds_.push_back(feed);
  router_.add_stream(path, std::move(admit), std::move(feed));
}

Status Server::start() {
  HAIL_ASSIGN_OR_RETURN(auto listener, Listener::open(options_.host, options_.port));
  port_ = listener.port();
  pool_ = std::make_unique<GrowingThreadPool>(options_.max_threads);
  probes_ = std::make_unique<ProbeThread>();
  HAIL_ASSIGN_OR_RETURN(front_, Front::open(std::move(listener), limits_of(options_),
                                            [this](const auto& connection, auto received) {
                                              return take(connection, std::move(received));
                                            }));
  for (const auto& feed : feeds_) feed->on_publish([this] { front_->wake_streams(); });
  return start_threads();
}

Status Server::start_threads() {
  try {
    probes_->start();
    thread_ = std::thread([this] { front_->run(); });
  } catch (const std::system_error& failure) {
    return no_thread(failure.what(), failure.code().value());
  }
  // One stays: later there may be none to be had.
  return pool_->enqueue([] {}) ? Status() : no_thread("the system has none", EAGAIN);
}

void Server::stop() {
  for (const auto& feed : feeds_) feed->on_publish(nullptr);
  if (!thread_.joinable()) return;
  front_->stop();
  thread_.join();
  pool_->shutdown();
  probes_->stop();
}

std::optional<Response> Server::take(const Shared& connection, ReceivedRequest received) {
  if (const auto refused = guard_->check_site(received)) return to_response(*refused);
  Request& request = received.request;
  const Route* route = router_.find(request);
  if (route == nullptr) return router_.answer_without_route(request);
  if (const auto refused = WebGuard::check_type(request)) return to_response(*refused);
  if (route->way == Way::stream) return open_stream(*route, connection, received);
  if (route->way == Way::at_once) return call(route->handler, request);
  if (under_way_ >= most_under_way(route->way))
    return try_again("too many requests are on their way");
  return hand_on(*route, connection, request);
}

/// A connection whose request is under way makes no room for a new one, so some are never used
/// like that; and of the others some only for probes.
size_t Server::most_under_way(Way way) const {
  const size_t all = front_->max_connections();
  return all - all / (way == Way::probe ? 8 : 4);
}

/// Until the last copy of what it gives is gone.
std::shared_ptr<void> Server::count_under_way() {
  ++under_way_;
  return {&under_way_, [](std::atomic<size_t>* count) { --*count; }};
}

std::optional<Response> Server::hand_on(const Route& route, const Shared& connection,
                                        Request& request) {
  const auto place = count_under_way();
  if (route.way == Way::async) return start_async(route, connection, place, request);
  auto give = [this, connection, place](const Response& response) {
    front_->answer(connection, response);
  };
  if (route.way == Way::probe) {
    probes_->ask(route, std::move(give));
    return std::nullopt;
  }
  const bool is_taken = pool_->enqueue([&route, connection, give, taken = std::move(request)] {
    try {
      give(call(route.handler, taken));
    } catch (const std::exception&) {
      Front::drop(connection);  // there is no memory, not even for a problem
    }
  });
  if (is_taken) return std::nullopt;
  return try_again("no thread can be made for this request now");
}

std::optional<Response> Server::open_stream(const Route& route, const Shared& connection,
                                            const ReceivedRequest& received) {
  if (const auto refused = WebGuard::check_reader(received)) return to_response(*refused);
  if (received.request.method == "HEAD") {
    front_->stream(connection, std::nullopt);
    return std::nullopt;
  }
  try {
    const bool is_anonymous = route.admit(received.request) == StreamReader::anonymous;
    auto place = EventFeed::take_place(route.feed, is_anonymous);
    if (place == nullptr) return streams_are_full();
    front_->stream(connection, EventStream(route.feed, std::move(place), steady_us() / 1'000));
    return std::nullopt;
  } catch (const std::exception& failure) {
    return failed_handler(received.request, failure);
  }
}

std::optional<Response> Server::start_async(const Route& route, const Shared& connection,
                                            const std::shared_ptr<void>& place,
                                            const Request& request) {
  try {
    route.async_handler(request, [to = front_.get(), connection, place](Response response) {
      to->answer_soon(connection, std::move(response));
    });
    return std::nullopt;
  } catch (const std::exception& failure) {
    return failed_handler(request, failure);
  }
}

}  // namespace hailstorm::http
