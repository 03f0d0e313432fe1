#include "services/lab/audit/verdict.h"

#include <fmt/format.h>
#include <optional>

#include "common/base/counted.h"

namespace hailstorm::lab {
namespace {

bool has_any_effect(const RideFacts& ride) {
  return ride.matched + ride.unmatched + ride.authorized + ride.declined > 0 ||
         ride.messages.total() + ride.counted.total() > 0;
}

std::string twice(const KindCounts& found, std::string_view what) {
  for (size_t i = 0; i < kKinds; ++i) {
    if (found.counts[i] > 1) {
      return fmt::format("{} {} of {}", found.counts[i], what, name_of(static_cast<Kind>(i)));
    }
  }
  return {};
}

std::string why_duplicated(const RideFacts& ride) {
  if (const int rows = ride.matched + ride.unmatched; rows > 1) {
    return counted(rows, "matching outcome");
  }
  if (const int rows = ride.authorized + ride.declined; rows > 1) {
    return counted(rows, "payment outcome");
  }
  if (ride.hold_entries > 2) return counted(ride.hold_entries, "ledger entry of the hold");
  if (ride.void_entries > 2) return counted(ride.void_entries, "ledger entry of the void");
  if (auto why = twice(ride.messages, "messages"); !why.empty()) return why;
  if (auto why = twice(ride.counted, "counts"); !why.empty()) return why;
  if (ride.messages.total() > 3) return counted(ride.messages.total(), "message") + ", 3 are due";
  if (ride.counted.total() > 3) return counted(ride.counted.total(), "count") + ", 3 are due";
  if (ride.in_log[Kind::ride_matched] > 0 && ride.in_log[Kind::ride_unmatched] > 0) {
    return "the log says both matched and unmatched";
  }
  if (ride.in_log[Kind::payment_authorized] > 0 && ride.in_log[Kind::payment_declined] > 0) {
    return "the log says both authorized and declined";
  }
  return {};
}

std::string why_money_is_wrong(const RideFacts& ride) {
  if (ride.ledger_sum_cents != 0) {
    return fmt::format("its ledger entries sum to {} cents, not 0", ride.ledger_sum_cents);
  }
  const int due_holds = ride.authorized > 0 ? 2 : 0;
  const int due_voids = ride.voided > 0 ? 2 : 0;
  if (ride.hold_entries != due_holds) {
    return fmt::format("{} ledger entries of the hold, {} are due", ride.hold_entries, due_holds);
  }
  if (ride.void_entries != due_voids) {
    return fmt::format("{} ledger entries of the void, {} are due", ride.void_entries, due_voids);
  }
  if (ride.authorized > 0 && ride.ledger_positive_cents != ride.amount_cents) {
    return fmt::format("the ledger holds {} cents, the payment says {}", ride.ledger_positive_cents,
                       ride.amount_cents);
  }
  return {};
}

/// The outcomes must be there and fit each other.
std::string why_outcomes_do_not_fit(const RideFacts& ride) {
  if (ride.matched + ride.unmatched == 0) return "no matching outcome";
  if (ride.authorized + ride.declined == 0) return "no payment outcome";
  if (ride.matched > 0 && ride.declined > 0 && ride.released == 0) {
    return "payment declined, but the driver is still kept";
  }
  if (ride.matched > 0 && ride.authorized > 0 && ride.held == 0) {
    return "matched, but the hold does not stand";
  }
  if (ride.unmatched > 0 && ride.authorized > 0 && ride.voided == 0) {
    return "no driver, but the money is still held";
  }
  return {};
}

std::string why_kinds_are_missing(const RideFacts& ride, bool through_log) {
  const Kind due[] = {
      Kind::ride_requested,
      ride.matched > 0 ? Kind::ride_matched : Kind::ride_unmatched,
      ride.authorized > 0 ? Kind::payment_authorized : Kind::payment_declined,
  };
  for (const Kind kind : due) {
    if (through_log && ride.in_log[kind] == 0) {
      return fmt::format("{} is not in the log", name_of(kind));
    }
    if (ride.messages[kind] == 0) return fmt::format("no message of {}", name_of(kind));
    if (ride.counted[kind] == 0) return fmt::format("{} is not counted", name_of(kind));
  }
  return {};
}

std::string why_not_settled(const RideFacts& ride, bool through_log) {
  if (through_log && ride.in_log[Kind::ride_requested] == 0 && !has_any_effect(ride)) {
    return "it never reached the log";
  }
  if (auto why = why_outcomes_do_not_fit(ride); !why.empty()) return why;
  if (auto why = why_money_is_wrong(ride); !why.empty()) return why;
  return why_kinds_are_missing(ride, through_log);
}

std::string standing_effect(const RideFacts& ride) {
  if (ride.matched > ride.released) return "a driver is kept";
  if (ride.held > 0) return "money is held";
  if (ride.messages.total() > 0) return counted(ride.messages.total(), "message") + " sent";
  if (ride.counted.total() > 0) return "it is counted";
  return {};
}

}  // namespace

Verdict verdict_of(const RideFacts& ride, bool through_log) {
  Verdict result;
  result.duplicated = why_duplicated(ride);
  const std::string missing = why_not_settled(ride, through_log);
  result.settled = missing.empty() && result.duplicated.empty();
  // In the gateway's store is accepted too, also when the answer was cut off.
  if (ride.accepted || (ride.unanswered && ride.committed)) {
    result.lost = missing;
    return result;
  }
  if (result.settled && !ride.refused && ride.requested)
    return result;  // no answer, yet all is done
  if (const auto effect = standing_effect(ride); !effect.empty()) {
    const char* answered = !ride.requested ? "nobody asked for it"
                           : ride.refused  ? "its rider got an error"
                                           : "its rider got no answer";
    result.orphaned = fmt::format("{}, but {}", answered, effect);
  }
  return result;
}

}  // namespace hailstorm::lab
