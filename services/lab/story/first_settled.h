#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace hailstorm::lab {

/// Notices when the first ride of the log lane is settled, as the audit sees it.
///
/// Thread safety: not safe.
class FirstSettled {
 public:
  explicit FirstSettled(std::filesystem::path data) : data_(std::move(data)) {}

  /// To be called before the first ride. In a folder that has settled rides already none can be
  /// told to be the first; nothing is looked for then.
  void begin();

  /// Looks into the stores, unless it was found already or looking is not worth it yet: a look
  /// reads every row, so it is followed by a rest ten times as long.
  void look();
  /// On the steady clock; nothing: none was seen yet.
  [[nodiscard]] std::optional<int64_t> at_ms() const { return at_ms_; }

 private:
  std::filesystem::path data_;
  bool too_late_ = false;
  int64_t rest_until_us_ = 0;
  std::optional<int64_t> at_ms_;
};

}  // namespace hailstorm::lab
