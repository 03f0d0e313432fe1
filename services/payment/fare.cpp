#include "services/payment/fare.h"

#include <algorithm>
#include <cmath>

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
  return static_cast<int64_t>(std::floor(std::max(cents, kLeastCents) + 0.5));
}

}  // namespace hailstorm::payment
