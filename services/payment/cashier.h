#pragma once

#include <string>
#include <string_view>

#include "common/events/events.h"
#include "common/events/lane.h"
#include "common/store/database.h"
#include "services/payment/provider.h"

namespace hailstorm::payment {

/// Payment's rules, the same for both lanes: one hold per ride, booked on both sides of the ledger,
/// and given back when there is no ride.
///
/// Thread safety: as the database that it is given. `provider` must remain live while it is in use.
class Cashier {
 public:
  explicit Cashier(PaymentProvider& provider) : provider_(provider) {}

  /// Holds the fare. Gives PaymentAuthorized or PaymentDeclined.
  [[nodiscard]] Result<events::Payload> charge(events::Lane lane, const events::RideRequested& ride,
                                               store::Database& db);
  /// Writes down that nothing was held, and why.
  [[nodiscard]] Result<events::Payload> decline(events::Lane lane,
                                                const events::RideRequested& ride,
                                                const std::string& reason, store::Database& db);
  /// Writes down what was decided about the ride before, as the log has it; gives it back at once
  /// where the ride is unmatched. The provider is not called again.
  [[nodiscard]] Status keep(events::Lane lane, const events::RideRequested& ride,
                            const events::Payload& decided, bool is_unmatched, store::Database& db);
  /// Gives back what is held for the ride, if anything is.
  [[nodiscard]] Status give_back(events::Lane lane, const std::string& ride_id,
                                 store::Database& db);

 private:
  PaymentProvider& provider_;
};

}  // namespace hailstorm::payment
