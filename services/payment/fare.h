#pragma once

#include <cstdint>

namespace hailstorm::payment {

/// A trip's price: base 250 cents, 1.10 a kilometre, 35 cents a minute, at least 700 cents, at
/// most events::kMaxAmountCents. All of it is worked out in whole cents, halves rounded up.
[[nodiscard]] int64_t fare_cents(double distance_m, double duration_s);

}  // namespace hailstorm::payment
