#include "common/http/client.h"

#include <fmt/format.h>
#include <httplib.h>
#include <mutex>
#include <vector>

#include "common/base/clock.h"

namespace hailstorm::http {
namespace {

// Below the server's keep-alive time, so that a request never meets a connection that is being
// closed.
constexpr int64_t kIdleMs = 500;

httplib::Request to_library(const Request& from) {
  httplib::Request to;
  to.method = from.method;
  to.path = from.path;
  // Newer versions of the library ask for brotli by default: a compressor of 170 KB for every
  // answer of some hundred bytes.
  to.set_header("Accept-Encoding", "identity");
  for (const auto& [name, value] : from.headers) to.set_header(name, value);
  to.body = from.body;
  return to;
}

Response from_library(const httplib::Response& from) {
  Response to;
  to.status = from.status;
  to.body = from.body;
  to.content_type = from.get_header_value("Content-Type");
  for (const auto& [name, value] : from.headers) to.headers[name] = value;
  return to;
}

}  // namespace

struct Client::Impl {
  struct Idle {
    std::unique_ptr<httplib::Client> connection;
    int64_t since_ms;
  };

  Address address;
  int timeout_ms;
  SystemClock clock;
  std::mutex mutex;
  std::vector<Idle> idle;  // the most recently used last

  std::unique_ptr<httplib::Client> take() {
    {
      const std::lock_guard lock(mutex);
      const int64_t now_ms = clock.steady_ms();
      std::erase_if(idle, [now_ms](const Idle& one) { return now_ms - one.since_ms > kIdleMs; });
      if (!idle.empty()) {
        auto connection = std::move(idle.back().connection);
        idle.pop_back();
        return connection;
      }
    }
    auto connection = std::make_unique<httplib::Client>(address.host, address.port);
    const int seconds = timeout_ms / 1000;
    const int rest_us = timeout_ms % 1000 * 1000;
    connection->set_connection_timeout(seconds, rest_us);
    connection->set_read_timeout(seconds, rest_us);
    connection->set_write_timeout(seconds, rest_us);
    connection->set_keep_alive(true);
    connection->set_tcp_nodelay(true);
    return connection;
  }

  void give_back(std::unique_ptr<httplib::Client> connection) {
    const std::lock_guard lock(mutex);
    idle.push_back({std::move(connection), clock.steady_ms()});
  }

  Error failure(httplib::Error error, int64_t spent_ms) const {
    const std::string where = "http://" + to_text(address);
    if (error == httplib::Error::Connection || error == httplib::Error::ConnectionTimeout ||
        error == httplib::Error::BindIPAddress) {
      return {HttpErrc::connect_failed, fmt::format("cannot connect to {}", where)};
    }
    // The library reports a silent server and a closed connection alike; the time shows which it
    // was.
    if (spent_ms >= timeout_ms) {
      return {HttpErrc::timeout, fmt::format("no answer from {} within {} ms", where, timeout_ms)};
    }
    return {HttpErrc::broken, fmt::format("the connection to {} ended before the answer", where)};
  }
};

Client::Client(Address address, int timeout_ms) : impl_(std::make_unique<Impl>()) {
  impl_->address = std::move(address);
  impl_->timeout_ms = timeout_ms;
}
Client::~Client() = default;

Result<Response> Client::send(const Request& request) {
  const int attempts = request.method == "GET" ? 2 : 1;
  for (int attempt = 1;; ++attempt) {
    auto connection = impl_->take();
    const int64_t begin_ms = impl_->clock.steady_ms();
    auto answer = connection->send(to_library(request));
    if (answer) {
      Response response = from_library(answer.value());
      impl_->give_back(std::move(connection));
      return response;
    }
    Error error = impl_->failure(answer.error(), impl_->clock.steady_ms() - begin_ms);
    if (!error.is(HttpErrc::broken) || attempt == attempts) return error;
  }
}

Result<Response> Client::get(const std::string& path) {
  Request request;
  request.path = path;
  return send(request);
}

Result<Response> Client::post(const std::string& path, std::string json_body, Headers headers) {
  Request request;
  request.method = "POST";
  request.path = path;
  request.body = std::move(json_body);
  request.headers = std::move(headers);
  request.headers.emplace("Content-Type", "application/json");
  return send(request);
}

}  // namespace hailstorm::http
