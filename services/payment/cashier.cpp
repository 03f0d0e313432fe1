#include "services/payment/cashier.h"

#include <variant>

#include "services/city/geo.h"
#include "services/payment/fare.h"
#include "services/payment/store.h"

namespace hailstorm::payment {
namespace {

// The ledger's accounts: what riders have, and what is held of it.
constexpr std::string_view kRiderFunds = "rider_funds";
constexpr std::string_view kHolds = "holds";

constexpr std::string_view kHeld = "held";

Status write_hold(events::Lane lane, const std::string& ride_id, int64_t amount_cents,
                  const std::string& hold_id, store::Database& db) {
  HAIL_RETURN_IF_ERROR(
      insert(db, {0, lane, ride_id, amount_cents, hold_id, std::string(kHeld), ""}));
  return book(db, {lane, ride_id, "hold", kRiderFunds, kHolds, amount_cents});
}

}  // namespace

Result<events::Payload> Cashier::charge(events::Lane lane, const events::RideRequested& ride,
                                        store::Database& db) {
  const double distance_m = city::distance_m(ride.pickup, ride.dropoff);
  const int64_t amount_cents = fare_cents(distance_m, city::driving_time_s(distance_m));
  const std::string key = std::string(name_of(lane)) + "/" + ride.ride_id;
  HAIL_ASSIGN_OR_RETURN(const Hold hold, provider_.authorize(key, ride.rider_id, amount_cents));
  if (!hold.authorized) return decline(lane, ride, hold.reason, db);
  HAIL_RETURN_IF_ERROR(write_hold(lane, ride.ride_id, amount_cents, hold.hold_id, db));
  return events::Payload(
      events::PaymentAuthorized{ride.ride_id, ride.rider_id, hold.hold_id, amount_cents});
}

Result<events::Payload> Cashier::decline(events::Lane lane, const events::RideRequested& ride,
                                         const std::string& reason, store::Database& db) {
  HAIL_RETURN_IF_ERROR(insert(db, {0, lane, ride.ride_id, 0, "", "declined", reason}));
  return events::Payload(events::PaymentDeclined{ride.ride_id, ride.rider_id, reason});
}

Status Cashier::keep(events::Lane lane, const events::RideRequested& ride,
                     const events::Payload& decided, bool is_unmatched, store::Database& db) {
  if (const auto* declined = std::get_if<events::PaymentDeclined>(&decided)) {
    return insert(db, {0, lane, ride.ride_id, 0, "", "declined", declined->reason});
  }
  const auto& authorized = std::get<events::PaymentAuthorized>(decided);
  HAIL_RETURN_IF_ERROR(
      write_hold(lane, ride.ride_id, authorized.amount_cents, authorized.hold_id, db));
  return is_unmatched ? give_back(lane, ride.ride_id, db) : Status();
}

Status Cashier::give_back(events::Lane lane, const std::string& ride_id, store::Database& db) {
  HAIL_ASSIGN_OR_RETURN(const auto payment, find(db, lane, ride_id));
  if (!payment || payment->status != kHeld) return {};
  HAIL_RETURN_IF_ERROR(provider_.void_hold(payment->hold_id));
  HAIL_RETURN_IF_ERROR(set_status(db, payment->id, "voided"));
  return book(db, {lane, ride_id, "void", kHolds, kRiderFunds, payment->amount_cents});
}

}  // namespace hailstorm::payment
