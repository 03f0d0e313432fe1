#include "services/payment/fare.h"

#include <algorithm>
#include <cmath>

#include "common/events/ranges.h"

namespace hailstorm::payment {
namespace {

constexpr double kBaseCents = 250;
constexpr double kCentsPerKilometre = 110;
constexpr double kCentsPerMinute = 35;
constexpr double kLeastCents = 700;

}  // namespace

int64_t fare_cents(double distance_m, double duration_s) {
  const double cents =
      kBaseCents + kCentsPerKilometre * distance_m / 1000 + kCentsPerMinute * duration_s / 60;
  constexpr auto kMostCents = static_cast<double>(events::kMaxAmountCents);
  return static_cast<int64_t>(std::floor(std::min(std::max(kLeastCents, cents), kMostCents) + 0.5));
}

}  // namespace hailstorm::payment
