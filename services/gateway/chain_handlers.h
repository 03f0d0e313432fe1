#pragma once

#include <cstddef>

#include "common/http/http.h"
#include "common/service/chain_hop.h"
#include "common/service/service.h"
#include "services/gateway/in_flight.h"
#include "services/gateway/readers.h"
#include "services/gateway/ride_request.h"

namespace hailstorm::gateway {

/// POST /chain/rides: the coupled lane. The rider waits while matching, payment, notification and
/// analytics call each other, and the answer names the hop that failed. The store's writer is not
/// held meanwhile.
///
/// Thread safety: safe. What is passed in must remain live while requests are answered.
class ChainHandlers {
 public:
  /// More rides in flight are refused, which the gateway's readiness says: those that wait must not
  /// take the log lane's threads.
  static constexpr size_t kMaxInFlight = 256;

  ChainHandlers(service::Service& service, Readers& readers, service::NextHop& matching);

  void add_routes(http::Server& server);

  /// 200 when all four did their part; a repeated Idempotency-Key of such a ride gets the same
  /// answer. 502, 503 or 504 with "failed_hop" otherwise.
  [[nodiscard]] http::Response request_ride(const http::Request& request);

 private:
  [[nodiscard]] http::Response run_down_the_chain(const RideRequest& request);

  service::Service& service_;
  Readers& readers_;
  service::NextHop& matching_;
  InFlight in_flight_{kMaxInFlight};
};

}  // namespace hailstorm::gateway
