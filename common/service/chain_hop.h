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

/// The token that a hop of the coupled lane wants to see: only the hop before it knows it.
struct ChainTokenSettings {
  std::string file;  // empty: chain-token in the data folder

  /// Adds --chain-token-file.
  void add_to(Options& options);
  /// The token, made where there is none yet. Error TokenErrc: says what to do.
  [[nodiscard]] Result<std::string> open(const std::string& data) const;
};

/// How a hop of the coupled lane calls the next one.
struct ChainSettings {
  std::string next;           // http://HOST:PORT
  int64_t timeout_ms = 1000;  // of one call
  int64_t retries = 0;        // calls after the first that failed
  /// Of the token that the next hop wants to see. Empty: chain-token in the next service's folder
  /// beside this one's.
  std::string token_file = {};

  /// Adds --next, --next-token-file, --chain-timeout-ms and --chain-retries; `next_name` is the
  /// next service's.
  void add_to(Options& options, const std::string& next_name, int64_t default_next_port);
  /// REQUIRES: `data` is this service's folder.
  [[nodiscard]] std::string next_token_file(const std::string& next_name,
                                            const std::string& data) const;
};

/// The next hop of the coupled lane, called synchronously.
///
/// Thread safety: safe.
class NextHop {
 public:
  /// `data` is this service's folder. Error: `next` is no address.
  [[nodiscard]] static Result<std::unique_ptr<NextHop>> make(const std::string& name,
                                                             const ChainSettings& settings,
                                                             const std::string& data);

  /// The next hop's own answer; 502 (no connection, broken, the token is wrong) or 504 (timeout)
  /// with "failed_hop" when it gave none. A 5xx is tried again as often as the settings say.
  [[nodiscard]] http::Response call(const std::string& body, const std::string& traceparent);

 private:
  NextHop(std::string name, const Address& address, const ChainSettings& settings,
          std::string token_file);

  [[nodiscard]] http::Response failed(int status, const std::string& why) const;

  const std::string name_;
  const std::string token_file_;
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
  [[nodiscard]] virtual Status conclude(const ChainRide&, store::Database&) { return {}; }
};

/// POST /chain/rides of a service, for the hop before it alone: its own part in one transaction,
/// then the next hop, then either conclude or undo in another. Answers with the whole ride, or with
/// the problem of the hop that failed.
///
/// Thread safety: safe. What is passed in must remain live while requests are answered.
class ChainHop {
 public:
  /// `next` null: this is the last hop.
  ChainHop(Service& service, ChainStep& step, std::unique_ptr<NextHop> next);

  /// For requests with `token` alone.
  void add_route(http::Server& server, const std::string& service_name, const std::string& token);

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
