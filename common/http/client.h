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

  /// Whatever the server answered, 5xx too. Errors: connect_failed, timeout, broken. A kept-alive
  /// connection that the server had closed is opened anew once for GET requests only.
  [[nodiscard]] Result<Response> send(const Request& request);

  [[nodiscard]] Result<Response> get(const std::string& path);
  [[nodiscard]] Result<Response> post(const std::string& path, std::string json_body,
                                      Headers headers = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::http
