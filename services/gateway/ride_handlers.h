#pragma once

#include <string>

#include "common/http/router.h"
#include "common/service/service.h"
#include "services/gateway/readers.h"

namespace hailstorm::gateway {

/// POST /rides and GET /rides/ID: the log lane as the rider sees it.
///
/// Thread safety: safe. What is passed in must remain live while requests are answered.
class RideHandlers {
 public:
  RideHandlers(service::Service& service, Readers& readers)
      : service_(service), readers_(readers) {}

  void add_routes(http::Server& server);

  /// Answers 202 once the ride and its event are committed to the gateway's own store, whatever the
  /// state of the broker.
  void request_ride(const http::Request& request, http::Answer answer);
  [[nodiscard]] http::Response show_ride(const std::string& ride_id);

 private:
  service::Service& service_;
  Readers& readers_;
};

}  // namespace hailstorm::gateway
