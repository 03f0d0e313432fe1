#pragma once

#include <atomic>
#include <gtest/gtest.h>
#include <string>
#include <utility>

#include "common/http/client.h"
#include "common/http/server.h"
#include "tests/support/matchers.h"

namespace hailstorm::http {

/// A response that has this body.
inline Response text(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

/// A server on a port of its own, whose bodies have 1 KiB at most.
class HttpFixture : public ::testing::Test {
 protected:
  void serve() { ASSERT_OK(server_.start()); }
  void serve_echo(std::atomic<int>& handled) {
    server_.route("POST", "/echo", [&handled](const Request& r) {
      ++handled;
      return text(r.body);
    });
    serve();
  }
  Client client(int timeout_ms = 10'000) {
    return Client({"127.0.0.1", server_.port()}, timeout_ms);
  }

  Server server_{{.max_body_bytes = 1024}};
};

}  // namespace hailstorm::http
