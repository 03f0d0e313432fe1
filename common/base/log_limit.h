#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/base/clock.h"

namespace hailstorm {

/// Limits repeated log lines: of each kind one line a second is written, and the others are
/// counted. The number of kinds is bounded; those beyond the bound share one line a second.
///
/// Thread safety: safe.
class LogLimit {
 public:
  static constexpr int64_t kEveryMs = 1'000;
  static constexpr size_t kMostKinds = 256;

  /// `clock` must remain live while this object is in use.
  explicit LogLimit(const Clock& clock) : clock_(clock) {}

  /// For a line of `kind`. Nothing: it is held back. Otherwise it is to be written, with the number
  /// of lines that were held back since the last one.
  [[nodiscard]] std::optional<uint64_t> admit(std::string_view kind);

  struct HeldBack {
    std::string kind;  // empty: of kinds beyond the bound
    uint64_t count = 0;
  };
  /// What was held back of kinds whose second is over; the caller writes one line for each.
  [[nodiscard]] std::vector<HeldBack> take_due();
  /// What was held back of all kinds, at the end of a process.
  [[nodiscard]] std::vector<HeldBack> take_all();
  /// Begins again, as without any line so far.
  void forget();

 private:
  struct Kind {
    int64_t written_ms = 0;
    uint64_t held_back = 0;
  };
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  [[nodiscard]] std::vector<HeldBack> take(int64_t written_until_ms);
  Kind* find(std::string_view kind, int64_t now_ms);
  void forget_idle(int64_t now_ms);

  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Kind, Hash, std::equal_to<>> kinds_;
  std::optional<Kind> others_;
};

}  // namespace hailstorm
