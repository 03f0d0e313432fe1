#include "services/payment/provider.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "common/base/enum_name.h"

namespace hailstorm::payment {

std::string_view name_of(ProviderErrc code) { return enum_name(code); }

Result<Hold> SimulatedProvider::authorize(const std::string& idempotency_key, const std::string&,
                                          int64_t) {
  const uint64_t hash = XXH3_64bits_withSeed(idempotency_key.data(), idempotency_key.size(), seed_);
  const double drawn = static_cast<double>(hash >> 11) * 0x1.0p-53;  // uniform in [0, 1)
  Hold hold;
  hold.authorized = drawn >= decline_rate_;
  if (hold.authorized) hold.hold_id = fmt::format("hold-{:016x}", hash);
  if (!hold.authorized) hold.reason = "card_declined";
  return hold;
}

Status SimulatedProvider::void_hold(const std::string&) { return {}; }

}  // namespace hailstorm::payment
