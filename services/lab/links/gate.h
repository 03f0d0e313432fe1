#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

#include "services/lab/links/flow_faults.h"

namespace hailstorm::lab {

/// Seeds that are close together give draws that are not.
[[nodiscard]] inline std::minstd_rand random_of(uint64_t seed) {
  seed = (seed + 1) * 0x9e3779b97f4a7c15U;
  return std::minstd_rand(static_cast<std::minstd_rand::result_type>(seed >> 33));
}

/// How many bytes of one direction may be sent now: bandwidth, slicer and limit_data.
///
/// Thread safety: not safe.
class Gate {
 public:
  explicit Gate(uint64_t seed) : random_(random_of(seed)) {}

  struct Allowance {
    size_t bytes = 0;
    int64_t again_us = 0;  // when to ask again where it is 0
  };
  /// Of `waiting` bytes.
  [[nodiscard]] Allowance allow(const FlowFaults& faults, size_t waiting, int64_t now_us);
  /// So many were sent.
  void note_sent(const FlowFaults& faults, size_t count, int64_t now_us);
  /// limit_data lets nothing more through.
  [[nodiscard]] bool is_used_up(const FlowFaults& faults) const;

 private:
  [[nodiscard]] Allowance by_rate(int64_t bytes_s, size_t waiting, int64_t now_us);
  [[nodiscard]] Allowance by_slice(const FlowFaults::Slicer& slicer, int64_t now_us);

  std::minstd_rand random_;
  double saved_bytes_ = 0;   // that the rate has let through and that were not sent
  int64_t saved_at_us_ = 0;  // 0: there is no rate
  size_t slice_bytes_ = 0;   // that the slice under way still lacks; 0: none is under way
  int64_t next_slice_us_ = 0;
  int64_t limit_since_us_ = 0;
  int64_t passed_bytes_ = 0;  // since then
};

}  // namespace hailstorm::lab
