#include "services/lab/links/gate.h"

#include <algorithm>

namespace hailstorm::lab {
namespace {

constexpr double kSecondUs = 1e6;
constexpr double kPiecesPerSecond = 50;  // so often a slow link sends
constexpr double kMostSavedS = 0.05;     // an idle link saves no more, or it would not be slow

}  // namespace

Gate::Allowance Gate::by_rate(int64_t bytes_s, size_t waiting, int64_t now_us) {
  const auto rate = static_cast<double>(bytes_s);
  if (saved_at_us_ == 0) saved_at_us_ = now_us;
  saved_bytes_ += static_cast<double>(now_us - saved_at_us_) * rate / kSecondUs;
  saved_bytes_ = std::min(saved_bytes_, std::max(1.0, rate * kMostSavedS));
  saved_at_us_ = now_us;
  const double piece = std::clamp(rate / kPiecesPerSecond, 1.0, static_cast<double>(waiting));
  if (saved_bytes_ >= piece) return {static_cast<size_t>(saved_bytes_), 0};
  const double missing_us = (piece - saved_bytes_) * kSecondUs / rate;
  return {0, now_us + static_cast<int64_t>(missing_us) + 1};
}

Gate::Allowance Gate::by_slice(const FlowFaults::Slicer& slicer, int64_t now_us) {
  if (now_us < next_slice_us_) return {0, next_slice_us_};
  if (slice_bytes_ == 0) {
    std::uniform_int_distribution<int64_t> variation(-slicer.size_variation_bytes,
                                                     slicer.size_variation_bytes);
    slice_bytes_ = static_cast<size_t>(slicer.average_size_bytes + variation(random_));
  }
  return {slice_bytes_, 0};
}

Gate::Allowance Gate::allow(const FlowFaults& faults, size_t waiting, int64_t now_us) {
  Allowance allowance = {waiting, 0};
  const auto narrow = [&allowance](Allowance one) {
    if (one.bytes < allowance.bytes) allowance.bytes = one.bytes;
    allowance.again_us = std::max(allowance.again_us, one.again_us);
  };
  if (faults.limit_data) {
    if (limit_since_us_ != faults.limit_data->since_us) passed_bytes_ = 0;
    limit_since_us_ = faults.limit_data->since_us;
    narrow({static_cast<size_t>(faults.limit_data->bytes - passed_bytes_), 0});
  }
  if (faults.slicer) narrow(by_slice(*faults.slicer, now_us));
  if (faults.bandwidth_bytes_s && allowance.bytes > 0) {
    narrow(by_rate(*faults.bandwidth_bytes_s, allowance.bytes, now_us));
  }
  return allowance;
}

void Gate::note_sent(const FlowFaults& faults, size_t count, int64_t now_us) {
  if (faults.bandwidth_bytes_s) {
    saved_bytes_ -= static_cast<double>(count);
  } else {
    saved_at_us_ = 0;
  }
  if (faults.limit_data) passed_bytes_ += static_cast<int64_t>(count);
  if (faults.slicer) {
    slice_bytes_ -= std::min(count, slice_bytes_);
    if (slice_bytes_ == 0) next_slice_us_ = now_us + faults.slicer->delay_us;
  }
}

bool Gate::is_used_up(const FlowFaults& faults) const {
  return faults.limit_data && limit_since_us_ == faults.limit_data->since_us &&
         passed_bytes_ >= faults.limit_data->bytes;
}

}  // namespace hailstorm::lab
