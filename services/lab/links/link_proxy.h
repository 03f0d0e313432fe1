#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <thread>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "services/lab/links/errors.h"
#include "services/lab/links/relayed_connection.h"

namespace hailstorm::lab {

/// A TCP relay between clients and a server of 127.0.0.1, on which the faults of a network link are
/// injected. It has one thread for all connections. Their names are Toxiproxy's.
///
/// Thread safety: safe.
class LinkProxy {
 public:
  /// Listens on a free port of 127.0.0.1. `clock` must remain live while the proxy is in use. Error
  /// cannot_listen.
  [[nodiscard]] static Result<std::unique_ptr<LinkProxy>> open(int server_port, const Clock& clock);
  ~LinkProxy();  // ends every connection
  LinkProxy(const LinkProxy&) = delete;
  LinkProxy& operator=(const LinkProxy&) = delete;

  /// Where clients connect.
  [[nodiscard]] int port() const { return port_; }

  /// Ends every connection at once (RST), with the bytes of both directions under way.
  void reset_peers();
  /// For `duration_ms` nothing is carried, no connection is ended, and none is accepted.
  void timeout(int64_t duration_ms);

 private:
  LinkProxy(Socket listener, int port, int server_port, const Clock& clock);
  void run(const std::stop_token& stop);
  void carry_once();

  const Clock& clock_;
  const Socket listener_;
  const int port_;
  const int server_port_;
  std::atomic<bool> wants_reset_ = false;
  std::atomic<int64_t> held_until_ms_ = 0;
  std::list<RelayedConnection> connections_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace hailstorm::lab
