#include "services/notification/message.h"

#include <fmt/format.h>
#include <variant>

#include "common/base/time_text.h"

namespace hailstorm::notification {
namespace {

struct Body {
  std::string operator()(const events::RideRequested& ride) const {
    return fmt::format("We have your request of {}. A driver is being looked for.",
                       time_text(ride.requested_at_ms));
  }
  std::string operator()(const events::RideMatched& ride) const {
    return fmt::format("Driver {} picks you up at {}.", ride.driver_id,
                       time_text(ride.pickup_at_ms));
  }
  std::string operator()(const events::RideUnmatched& ride) const {
    return fmt::format("There will be no ride ({}). You pay nothing.", ride.reason);
  }
  std::string operator()(const events::PaymentAuthorized& payment) const {
    return fmt::format("{}.{:02} are held on your card for this ride.", payment.amount_cents / 100,
                       payment.amount_cents % 100);
  }
  std::string operator()(const events::PaymentDeclined& payment) const {
    return fmt::format("Nothing was charged ({}).", payment.reason);
  }
};

}  // namespace

Message render(const events::Event& event) {
  return {event.ride_id(), std::string(event.type()), event.rider_id(),
          std::visit(Body(), event.payload)};
}

}  // namespace hailstorm::notification
