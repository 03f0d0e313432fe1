#include "common/http/server.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/logging.h"
#include "common/http/thread_pool.h"

namespace hailstorm::http {
namespace {

constexpr int kBacklog = 1024;
// An idle connection costs its thread a wake-up every 10 ms and delays stop(); clients let go of it
// sooner.
constexpr int kKeepAliveSeconds = 1;
constexpr size_t kKeepAliveRequests = 1'000'000;

class PoolQueue final : public httplib::TaskQueue {
 public:
  explicit PoolQueue(size_t max_threads) : pool_(max_threads) {}
  // void in older versions of the library, bool in newer ones.
  using Accepted = decltype(std::declval<httplib::TaskQueue&>().enqueue(std::function<void()>()));
  Accepted enqueue(std::function<void()> job) override {
    pool_.enqueue(std::move(job));
    return static_cast<Accepted>(true);
  }
  void shutdown() override { pool_.shutdown(); }

 private:
  GrowingThreadPool pool_;
};

class Listener final : public httplib::Server {
 public:
  /// The library's own backlog is 5: a burst of new connections would be refused.
  bool widen_backlog() { return ::listen(svr_sock_, kBacklog) == 0; }
};

// Not the library's default, which sets SO_REUSEPORT: two processes would silently share one port.
void set_reuse_address(socket_t socket) {
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

Request from_library(const httplib::Request& from) {
  Request to;
  to.method = from.method;
  to.path = from.path;
  to.body = from.body;
  for (const auto& [name, value] : from.params) to.query[name] = value;
  for (const auto& [name, value] : from.headers) to.headers[name] = value;
  for (size_t i = 1; i < from.matches.size(); ++i) to.captures.push_back(from.matches[i].str());
  return to;
}

void to_library(const Response& from, httplib::Response& to) {
  to.status = from.status;
  for (const auto& [name, value] : from.headers) to.set_header(name, value);
  to.set_content(from.body, from.content_type);
}

Response run(const Handler& handler, const Request& request) {
  try {
    return handler(request);
  } catch (const std::exception& failure) {
    log_error("a request's handler failed", {{"path", request.path}, {"error", failure.what()}});
    return problem(500, "the request could not be handled; the service's log says why");
  }
}

/// The library reads forms by itself, and by rules of their own, before any handler sees them.
bool is_form(const httplib::Request& request) {
  const std::string type = request.get_header_value("Content-Type");
  return type.starts_with("multipart/form-data") ||
         type.starts_with("application/x-www-form-urlencoded");
}

/// A body whose end would be that of the connection: the library would hold a thread until then.
bool has_endless_body(const httplib::Request& request) {
  return (request.method == "POST" || request.method == "PUT") &&
         !request.has_header("Content-Length") && !request.has_header("Transfer-Encoding");
}

std::string library_detail(int status, const httplib::Request& request, size_t max_body_bytes) {
  switch (status) {
    case 404:
      return fmt::format("there is no {} {}", request.method, request.path);
    case 413:
      return fmt::format("the body is larger than {} bytes", max_body_bytes);
    default:
      return "the request is not acceptable";
  }
}

/// What the library refused by itself.
Response library_problem(int status, const httplib::Request& request, size_t max_body_bytes) {
  if ((status == 400 || status == 413) && is_form(request)) {
    return problem(415, "forms are not taken here; send JSON as application/json",
                   {{"field", "Content-Type"}});
  }
  std::vector<std::pair<std::string, std::string>> extra;
  if (status == 413) extra.emplace_back("field", "body");
  return problem(status, library_detail(status, request, max_body_bytes), extra);
}

}  // namespace

struct Server::Impl {
  ServerOptions options;
  Listener server;
  std::thread thread;
  int port = 0;
};

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>()) {
  impl_->options = std::move(options);
  auto& server = impl_->server;
  server.new_task_queue = [max = impl_->options.max_threads] { return new PoolQueue(max); };
  server.set_socket_options(set_reuse_address);
  server.set_tcp_nodelay(true);
  server.set_keep_alive_timeout(kKeepAliveSeconds);
  server.set_keep_alive_max_count(kKeepAliveRequests);
  server.set_payload_max_length(impl_->options.max_body_bytes);
  server.set_error_handler([max = impl_->options.max_body_bytes](const httplib::Request& request,
                                                                 httplib::Response& response) {
    if (!response.body.empty()) return;
    to_library(library_problem(response.status, request, max), response);
  });
  server.set_pre_routing_handler([](const httplib::Request& request, httplib::Response& response) {
    if (!has_endless_body(request)) return httplib::Server::HandlerResponse::Unhandled;
    to_library(problem(411, "the body's length is missing", {{"field", "Content-Length"}}),
               response);
    return httplib::Server::HandlerResponse::Handled;
  });
}

Server::~Server() { stop(); }

void Server::route(const std::string& method, const std::string& pattern, Handler handler) {
  auto adapted = [handler = std::move(handler)](const httplib::Request& request,
                                                httplib::Response& response) {
    to_library(run(handler, from_library(request)), response);
  };
  auto& server = impl_->server;
  if (method == "GET") {
    server.Get(pattern, adapted);
  } else if (method == "POST") {
    server.Post(pattern, adapted);
  } else if (method == "PUT") {
    server.Put(pattern, adapted);
  } else {
    HAIL_CHECK(method == "DELETE");
    server.Delete(pattern, adapted);
  }
}

Status Server::start() {
  auto& [options, server, thread, port] = *impl_;
  errno = 0;
  if (options.port == 0) {
    port = server.bind_to_any_port(options.host);
  } else {
    port = server.bind_to_port(options.host, options.port) ? options.port : -1;
  }
  if (port <= 0) {
    const int reason = errno;
    if (reason == EADDRINUSE) {
      return Error(
          HttpErrc::address_in_use,
          fmt::format("port {} on {} is in use by another process; stop it or choose another port",
                      options.port, options.host));
    }
    return Error(HttpErrc::cannot_listen,
                 fmt::format("cannot listen on {}:{}: {}; choose another address", options.host,
                             options.port, std::strerror(reason)));
  }
  if (!server.widen_backlog()) return Error(HttpErrc::cannot_listen, std::strerror(errno));
  thread = std::thread([listener = &server] { listener->listen_after_bind(); });
  // stop() before the library's loop runs would be lost.
  while (!server.is_running()) std::this_thread::yield();
  return {};
}

int Server::port() const { return impl_->port; }

void Server::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->server.stop();
  impl_->thread.join();
}

}  // namespace hailstorm::http
