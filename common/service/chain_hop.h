#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/base/options.h"
#include "common/http/client.h"
#include "common/service/chain_ride.h"
#include "common/service/service.h"

namespace hailstorm::service {

/// How a hop of the coupled lane calls the next one.
struct ChainSettings {
  std::string next;           // http://HOST:PORT
  int64_t timeout_ms = 1000;  // of one call
  int64_t retries = 0;        // calls after the first that failed

  /// Adds --next, --chain-timeout-ms and --chain-retries; `next_name` is the next service's.
  void add_to(Options& options, const std::string& next_name, int64_t default_next_port);
};

/// The next hop of the coupled lane, called synchronously.
///
/// Thread safety: safe.
class NextHop {
 public:
  /// Error: `next` is no address.
  [[nodiscard]] static Result<std::unique_ptr<NextHop>> make(const std::string& name,
                                                             const ChainSettings& settings);

  /// The next hop's own answer; 502 (no connection, broken) or 504 (timeout) with "failed_hop" when
  /// it gave none. A 5xx is tried again as often as the settings say.
  [[nodiscard]] http::Response call(const std::string& body, const std::string& traceparent);

 private:
  NextHop(std::string name, const Address& address, const ChainSettings& settings);

  const std::string name_;
  const int64_t retries_;
  http::Client client_;
};

[[nodiscard]] inline bool succeeded(const http::Response& response) {
  return response.status >= 200 && response.status < 300;
}

/// What one service does for a ride of the coupled lane.
///
/// Thread safety: each function is called inside a transaction of the service's writer.
class ChainStep {
 public:
  virtual ~ChainStep() = default;
  /// Does this service's part and writes down in `ride` what it decided.
  [[nodiscard]] virtual Status apply(ChainRide& ride, store::Database& db) = 0;
  /// A later hop failed: takes back what can be taken back.
  [[nodiscard]] virtual Status undo(const ChainRide& ride, store::Database& db) = 0;
  /// The whole chain has answered; `ride` has every decision.
  [[nodiscard]] virtual Status conclude(const ChainRide& ride, store::Database& db) {
    (void)ride;
    (void)db;
    return {};
  }
};

/// POST /chain/rides of a service: its own part in one transaction, then the next hop, then either
/// conclude or undo in another. Answers with the whole ride, or with the problem of the hop that
/// failed.
///
/// Thread safety: safe. What is passed in must remain live while requests are answered.
class ChainHop {
 public:
  /// `next` null: this is the last hop.
  ChainHop(Service& service, ChainStep& step, std::unique_ptr<NextHop> next);

  void add_route(http::Server& server, const std::string& service_name);

 private:
  [[nodiscard]] http::Response handle(const http::Request& request);
  [[nodiscard]] http::Response go_on(ChainRide ride, const std::string& traceparent);
  [[nodiscard]] http::Response failed_here(const Error& error) const;

  Service& service_;
  ChainStep& step_;
  std::unique_ptr<NextHop> next_;
  std::string name_;
};

}  // namespace hailstorm::service
