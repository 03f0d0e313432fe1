#include "services/lab/audit/ride_facts.h"

#include <numeric>

namespace hailstorm::lab {
namespace {

constexpr std::array<std::string_view, kKinds> kNames = {
    "ride_requested", "ride_matched", "ride_unmatched", "payment_authorized", "payment_declined"};

}  // namespace

std::string_view name_of(Kind kind) { return kNames.at(static_cast<size_t>(kind)); }

std::optional<Kind> kind_of(std::string_view name) {
  for (size_t i = 0; i < kKinds; ++i) {
    if (kNames[i] == name) return static_cast<Kind>(i);
  }
  return std::nullopt;
}

int64_t KindCounts::total() const {
  return std::accumulate(counts.begin(), counts.end(), int64_t{0});
}

}  // namespace hailstorm::lab
