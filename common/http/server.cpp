#include "common/http/server.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>
#include <thread>
#include <utility>

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

/// Answers and closes the connection: what is left of the request on it would be read as the next.
void answer_and_close(const Response& from, httplib::Response& to) {
  to.status = from.status;
  for (const auto& [name, value] : from.headers) to.set_header(name, value);
  to.set_header("Connection", "close");
  // A provider that gives all and then fails is the library's way to end a connection.
  to.set_content_provider(from.body.size(), from.content_type,
                          [body = from.body](size_t offset, size_t size, httplib::DataSink& sink) {
                            sink.write(body.data() + offset, size);
                            return false;
                          });
}

/// While the server stops, every answer asks the client to close: newer versions of the library
/// serve a connection for as long as its requests follow each other closely. They would not send a
/// provider's content any more.
void answer(const Response& from, httplib::Response& to, const std::atomic<bool>& stopping) {
  to_library(from, to);
  if (stopping) to.set_header("Connection", "close");
}

Response run(const Handler& handler, const Request& request) {
  try {
    return handler(request);
  } catch (const std::exception& failure) {
    log_error("a request's handler failed", {{"path", request.path}, {"error", failure.what()}});
    return problem(500, "the request could not be handled; the service's log says why");
  }
}

Response no_such_route(const std::string& method, const std::string& path) {
  return problem(404, fmt::format("there is no {} {}", method, path));
}

Response too_large(size_t max_body_bytes) {
  return problem(413, fmt::format("the body is larger than {} bytes", max_body_bytes),
                 {{"field", "body"}});
}

bool announces_body(const httplib::Request& request) {
  return request.has_header("Transfer-Encoding") ||
         (request.has_header("Content-Length") &&
          request.get_header_value("Content-Length") != "0");
}

bool takes_body(const std::string& method) {
  return method == "POST" || method == "PUT" || method == "PATCH" || method == "DELETE";
}

/// The library would read such a body as the next request, or (PRI) without any limit.
bool has_unreadable_body(const httplib::Request& request) {
  return !takes_body(request.method) && (announces_body(request) || request.method == "PRI");
}

enum class BodyRead { whole, too_large, broken };

/// Reads the body into memory up to its limit, which the library keeps for announced lengths only:
/// a chunked or a compressed body may be of any size. What is above the limit is read and dropped,
/// so that the connection stays usable and the sender hears the answer.
BodyRead read_body(const httplib::Request& request, const httplib::Response& response,
                   const httplib::ContentReader& read, size_t max_bytes, std::string& body) {
  // RFC 9112 §6.3: there is none. The library would wait for the connection's end.
  if (!announces_body(request)) return BodyRead::whole;
  bool fits = true;
  const bool complete = read([&](const char* data, size_t size) {
    fits = fits && size <= max_bytes - body.size();
    if (fits) body.append(data, size);
    return true;
  });
  if (complete) return fits ? BodyRead::whole : BodyRead::too_large;
  return response.status == 413 ? BodyRead::too_large : BodyRead::broken;
}

/// The answer to a request of a method that takes a body.
void serve_with_body(const Handler& handler, size_t max_body_bytes,
                     const std::atomic<bool>& stopping, const httplib::Request& request,
                     httplib::Response& response, const httplib::ContentReader& read) {
  if (request.is_multipart_form_data()) {
    return answer_and_close(problem(415, "forms are not taken; send JSON as application/json",
                                    {{"field", "Content-Type"}}),
                            response);
  }
  Request ours = from_library(request);
  switch (read_body(request, response, read, max_body_bytes, ours.body)) {
    case BodyRead::whole:
      return answer(run(handler, ours), response, stopping);
    case BodyRead::too_large:
      return answer(too_large(max_body_bytes), response, stopping);
    case BodyRead::broken:
      return answer_and_close(
          problem(400, "the body ends early or is not encoded as the headers say",
                  {{"field", "body"}}),
          response);
  }
}

/// What the library refused by itself.
Response library_problem(int status, const httplib::Request& request) {
  if (status == 404) return no_such_route(request.method, request.path);
  return problem(status, "the request is not acceptable");
}

}  // namespace

struct Server::Impl {
  ServerOptions options;
  Listener server;
  std::thread thread;
  int port = 0;
  std::atomic<bool> stopping = false;
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
  server.set_error_handler(
      [&stopping = impl_->stopping](const httplib::Request& request, httplib::Response& response) {
        // A provider's answer has no body yet; its content type tells.
        if (!response.body.empty() || response.has_header("Content-Type")) return;
        answer(library_problem(response.status, request), response, stopping);
      });
  server.set_pre_routing_handler([](const httplib::Request& request, httplib::Response& response) {
    if (!has_unreadable_body(request)) return httplib::Server::HandlerResponse::Unhandled;
    answer_and_close(problem(400, request.method + " takes no body", {{"field", "body"}}),
                     response);
    return httplib::Server::HandlerResponse::Handled;
  });
}

Server::~Server() { stop(); }

void Server::route(const std::string& method, const std::string& pattern, Handler handler) {
  auto& server = impl_->server;
  const auto& stopping = impl_->stopping;
  if (method == "GET") {
    server.Get(pattern, [&stopping, handler = std::move(handler)](const httplib::Request& request,
                                                                  httplib::Response& response) {
      answer(run(handler, from_library(request)), response, stopping);
    });
    return;
  }
  HAIL_CHECK(takes_body(method));
  auto adapted = [&stopping, handler = std::move(handler), max = impl_->options.max_body_bytes](
                     const httplib::Request& request, httplib::Response& response,
                     const httplib::ContentReader& read) {
    serve_with_body(handler, max, stopping, request, response, read);
  };
  if (method == "POST") {
    server.Post(pattern, adapted);
  } else if (method == "PUT") {
    server.Put(pattern, adapted);
  } else if (method == "PATCH") {
    server.Patch(pattern, adapted);
  } else {
    server.Delete(pattern, adapted);
  }
}

/// Behind all other routes: the library would read the body of an unknown path without a limit.
void Server::refuse_other_paths() {
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    route(method, ".*",
          [](const Request& request) { return no_such_route(request.method, request.path); });
  }
}

Status Server::start() {
  refuse_other_paths();
  auto& options = impl_->options;
  auto& server = impl_->server;
  auto& port = impl_->port;
  HAIL_ASSIGN_OR_RETURN(const std::string address, address_to_listen_on(options.host));
  errno = 0;
  if (options.port == 0) {
    port = server.bind_to_any_port(address);
  } else {
    port = server.bind_to_port(address, options.port) ? options.port : -1;
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
                 fmt::format("cannot listen on {}: {}; choose another address",
                             to_text({options.host, options.port}), std::strerror(reason)));
  }
  if (!server.widen_backlog()) return Error(HttpErrc::cannot_listen, std::strerror(errno));
  impl_->thread = std::thread([listener = &server] { listener->listen_after_bind(); });
  // stop() before the library's loop runs would be lost.
  while (!server.is_running()) std::this_thread::yield();
  return {};
}

int Server::port() const { return impl_->port; }

void Server::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->stopping = true;
  impl_->server.stop();
  impl_->thread.join();
}

}  // namespace hailstorm::http
