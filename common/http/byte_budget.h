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

/// What one connection holds of a shared budget.
///
/// Thread safety: not safe. The budget must remain live while this is in use.
class BudgetShare {
 public:
  explicit BudgetShare(ByteBudget& budget) : budget_(budget) {}
  ~BudgetShare() { budget_.give_back(charged_); }
  BudgetShare(const BudgetShare&) = delete;
  BudgetShare& operator=(const BudgetShare&) = delete;

  /// Charges the budget for `bytes` in all. False, and nothing changes: less is left there.
  [[nodiscard]] bool hold(size_t bytes) {
    if (bytes > charged_ && !budget_.take(bytes - charged_)) return false;
    if (bytes < charged_) budget_.give_back(charged_ - bytes);
    charged_ = bytes;
    return true;
  }

 private:
  ByteBudget& budget_;
  size_t charged_ = 0;
};

}  // namespace hailstorm::http
