#pragma once

#include <cstddef>
#include <cstdint>

#include "common/base/clock.h"
#include "common/http/client.h"
#include "common/http/http.h"
#include "common/service/service.h"
#include "services/gateway/asked_ride.h"
#include "services/gateway/in_flight.h"
#include "services/gateway/readers.h"

namespace hailstorm::gateway {

struct ChainSettings {
  http::Address next;         // matching
  int64_t timeout_ms = 1000;  // of one call
  int64_t retries = 0;        // calls after the first that failed
  size_t max_in_flight =
      256;  // more are refused: waiting rides must not take the log lane's threads
};

/// POST /chain/rides: the coupled lane. The rider waits while matching, payment, notification and
/// analytics call each other, and is told which hop failed. The store's writer is not held
/// meanwhile.
///
/// Thread safety: safe. What is passed in must remain live while requests are answered.
class ChainHandlers {
 public:
  ChainHandlers(service::Service& service, Readers& readers, const Clock& clock,
                const ChainSettings& settings);

  void add_routes(http::Server& server);

  /// 200 when all four did their part; a repeated Idempotency-Key of such a ride gets the same
  /// answer. 502, 503 or 504 with "failed_hop" otherwise.
  [[nodiscard]] http::Response request_ride(const http::Request& request);

 private:
  [[nodiscard]] http::Response run_down_the_chain(const AskedRide& asked);
  [[nodiscard]] http::Response call_next(const AskedRide& asked);

  service::Service& service_;
  Readers& readers_;
  const Clock& clock_;
  const ChainSettings settings_;
  http::Client next_;
  InFlight in_flight_;
};

}  // namespace hailstorm::gateway
