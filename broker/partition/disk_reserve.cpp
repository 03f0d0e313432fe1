#include "broker/partition/disk_reserve.h"

#include <algorithm>
#include <fmt/format.h>

#include "common/base/logging.h"

namespace hailstorm::broker {
namespace {

constexpr int64_t kLookMs = 50;
constexpr int64_t kRememberMs = 5'000;    // a refusal of the disk's own
constexpr uint64_t kSmallestBatch = 128;  // and less room is none
constexpr uint64_t kSmallestPart = 20;    // of a small disk

}  // namespace

void DiskReserve::look() {
  look_due_ms_ = clock_.steady_ms() + kLookMs;
  const auto space = topics_.space();
  if (!space.ok()) {  // the write itself will show
    budget_ = UINT64_MAX;
    return;
  }
  const uint64_t reserve = std::min(max_bytes_, space->total_bytes / kSmallestPart);
  budget_ = space->free_bytes - std::min(space->free_bytes, reserve);
  if (!refused_bytes_ || budget_ < *refused_bytes_) return;
  refused_bytes_.reset();
  log_info("there is room on the disk again", {{"free_bytes", space->free_bytes}});
}

bool DiskReserve::has_room(size_t bytes) {
  if (bytes > budget_ || clock_.steady_ms() >= look_due_ms_) look();
  if (bytes <= budget_) {
    budget_ -= bytes;
    return true;
  }
  if (!refused_bytes_)
    log_warn("the disk is full: producers are refused", {{"left_for_them", budget_}});
  refused_bytes_ = bytes;
  return false;
}

bool DiskReserve::is_low() {
  look();
  const bool was_refused = refused_at_ms_ && clock_.steady_ms() - *refused_at_ms_ < kRememberMs;
  return was_refused || refused_bytes_ || budget_ < kSmallestBatch;
}

wire::Outcome DiskReserve::outcome() const {
  return {
      wire::ErrorCode::disk_full,
      "the broker's disk is full; it takes records again as soon as there is room: free some, or "
      "shorten the retention of topics"};
}

}  // namespace hailstorm::broker
