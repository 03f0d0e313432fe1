#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/http/http.h"

namespace hailstorm::http {

/// Called on one of the server's threads, several at a time. What it throws is logged and answered
/// 500.
using Handler = std::function<Response(const Request&)>;

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;  // 0: any free one
  size_t max_body_bytes = 64 << 10;
  /// One thread per open connection, started when needed; connections above it wait.
  size_t max_threads = 64;
};

/// An HTTP/1.1 server. Unknown paths, too large bodies and failures are answered as problems. Of
/// any body it keeps at most `max_body_bytes` in memory, however it is framed or compressed.
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

  /// Listens and serves from threads of its own. Errors address_in_use, cannot_listen, and
  /// AddressErrc::unknown_host: say what to do.
  [[nodiscard]] Status start();
  /// The port that it listens on. REQUIRES: start() succeeded.
  [[nodiscard]] int port() const;
  /// Takes no more connections, waits for running handlers. Who is answered meanwhile is told to
  /// close the connection.
  void stop();

 private:
  void refuse_other_paths();

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::http
