#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "common/base/clock.h"

namespace hailstorm::lab {

/// Notices when the first ride of the log lane is settled, as the audit sees it.
///
/// Thread safety: not safe.
class FirstSettled {
 public:
  /// `clock` must remain live while this is in use.
  FirstSettled(std::filesystem::path data, const Clock& clock)
      : data_(std::move(data)), clock_(clock) {}

  /// To be called before the first ride. A folder that already has settled rides does not show
  /// which new one is the first: nothing is looked for then.
  void begin();

  /// Looks into the stores, unless the ride was found or the last look is too recent: a look reads
  /// every row, so the next one comes after ten times its duration at the earliest.
  void look();
  /// On the steady clock; nothing: none was seen yet.
  [[nodiscard]] std::optional<int64_t> at_ms() const { return at_ms_; }

 private:
  std::filesystem::path data_;
  const Clock& clock_;
  bool too_late_ = false;
  int64_t rest_until_ms_ = 0;
  std::optional<int64_t> at_ms_;
};

}  // namespace hailstorm::lab
