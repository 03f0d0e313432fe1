#include "services/lab/views/ride_progress.h"

#include <array>

namespace hailstorm::lab {
namespace {

constexpr std::array<std::string_view, kHops> kHopNames = {"matching", "payment", "notification",
                                                           "analytics"};

bool has_match(const KindSet& kinds) {
  return kinds.has(Kind::ride_matched) || kinds.has(Kind::ride_unmatched);
}

bool has_payment(const KindSet& kinds) {
  return kinds.has(Kind::payment_authorized) || kinds.has(Kind::payment_declined);
}

bool has_all_effects(const KindSet& effects) {
  return effects.has(Kind::ride_requested) && has_match(effects) && has_payment(effects);
}

HopSet only(Hop hop) { return HopSet().set(static_cast<size_t>(hop)); }

}  // namespace

std::string_view name_of(Hop hop) { return kHopNames.at(static_cast<size_t>(hop)); }

void RideProgress::fail(events::Lane lane, std::string_view named_hop) {
  if (!failed_hop.empty()) return;
  const HopSet waits = waits_for(lane);
  for (size_t hop = 0; hop < kHops; ++hop) {
    const bool is_it = waits.any() ? waits[hop] : kHopNames[hop] == named_hop;
    if (is_it) {
      failed_hop = kHopNames[hop];
      return;
    }
  }
  failed_hop = "gateway";
}

KindSet RideProgress::known() const {
  KindSet kinds = decided;
  kinds.add_all(messages);
  kinds.add_all(counts);
  return kinds;
}

std::string_view RideProgress::state(events::Lane lane) const {
  if (is_accepted && has_all_effects(messages) && has_all_effects(counts)) return "settled";
  if (!is_accepted && !failed_hop.empty()) {
    const bool has_lasting_effect = !messages.is_empty() || !counts.is_empty();
    return lane == events::Lane::chain && has_lasting_effect ? "orphaned" : "failed";
  }
  const KindSet kinds = known();
  if (kinds.has(Kind::payment_declined)) return "declined";
  if (kinds.has(Kind::ride_unmatched)) return "unmatched";
  const bool is_authorized = kinds.has(Kind::payment_authorized);
  if (kinds.has(Kind::ride_matched)) return is_authorized ? "confirmed" : "matched";
  return is_authorized ? "authorized" : "requested";
}

HopSet RideProgress::unhandled() const {
  KindSet events = known();
  HopSet hops;
  if (!has_match(events)) hops |= only(Hop::matching);
  if (!has_payment(events)) hops |= only(Hop::payment);
  events.add(Kind::ride_requested);
  if (!messages.has_all(events)) hops |= only(Hop::notification);
  if (!counts.has_all(events)) hops |= only(Hop::analytics);
  return hops;
}

HopSet RideProgress::next_hop() const {
  if (!has_match(decided)) return only(Hop::matching);
  if (!has_payment(decided)) return only(Hop::payment);
  if (messages.is_empty()) return only(Hop::notification);
  return counts.is_empty() ? only(Hop::analytics) : HopSet();
}

HopSet RideProgress::waits_for(events::Lane lane) const {
  if (!is_shown(lane)) return {};
  if (lane == events::Lane::chain)
    return is_accepted || !failed_hop.empty() ? HopSet() : next_hop();
  return is_accepted ? unhandled() : HopSet();
}

bool RideProgress::is_shown(events::Lane lane) const {
  // A ride of the chain is in the gateway's store only when all else is done.
  return is_accepted || !failed_hop.empty() || (lane == events::Lane::chain && !known().is_empty());
}

}  // namespace hailstorm::lab
