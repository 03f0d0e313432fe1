#pragma once

#include <memory>
#include <string>

#include "common/http/http.h"

namespace hailstorm::http {

/// Requests to one server over kept-alive connections, as many as there are calls at a time.
///
/// Thread safety: safe.
class Client {
 public:
  /// `timeout_ms` bounds connecting, sending and waiting for the answer, each.
  Client(Address address, int timeout_ms);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// The server's answer, also 5xx. Errors: connect_failed, timeout, broken. For a GET request a
  /// kept-alive connection that the server has closed is opened once more.
  [[nodiscard]] Result<Response> send(const Request& request);

  [[nodiscard]] Result<Response> get(const std::string& path);
  [[nodiscard]] Result<Response> post(const std::string& path, std::string json_body,
                                      Headers headers = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::http
