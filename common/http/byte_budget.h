#pragma once

#include <atomic>
#include <cstddef>

namespace hailstorm::http {

/// Bytes that many connections share.
///
/// Thread safety: safe.
class ByteBudget {
 public:
  explicit ByteBudget(size_t bytes) : bytes_(bytes) {}

  /// False, and nothing is taken, where less is left.
  [[nodiscard]] bool take(size_t bytes) {
    size_t taken = taken_.load(std::memory_order_relaxed);
    do {
      if (bytes > bytes_ - taken) return false;
    } while (!taken_.compare_exchange_weak(taken, taken + bytes, std::memory_order_relaxed));
    return true;
  }
  void give_back(size_t bytes) { taken_.fetch_sub(bytes, std::memory_order_relaxed); }
  [[nodiscard]] size_t taken() const { return taken_.load(std::memory_order_relaxed); }

 private:
  const size_t bytes_;
  std::atomic<size_t> taken_{0};
};

}  // namespace hailstorm::http
