#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace hailstorm::lab {

/// The frames of the last minutes, as texts that others may hold, too. Bounded: above its bytes one
/// frame a second is kept of the oldest ones, and then fewer minutes.
///
/// Thread safety: not safe.
class FrameRing {
 public:
  using Text = std::shared_ptr<const std::string>;
  struct Limits {
    int64_t span_ms = 600'000;
    size_t bytes = 12 << 20;  // a recording is one answer; a server holds 16 MiB of all
    int64_t thinned_ms = 1'000;
  };

  explicit FrameRing(Limits limits) : limits_(limits) {}

  /// REQUIRES: `t_ms` is not lower than that of the frame before.
  void add(int64_t t_ms, Text text);
  /// Those from `from_ms` on, the oldest first.
  [[nodiscard]] std::vector<Text> since(int64_t from_ms) const;
  /// Of the oldest frame; 0: there is none.
  [[nodiscard]] int64_t begin_ms() const { return frames_.empty() ? 0 : frames_.front().t_ms; }
  [[nodiscard]] size_t bytes() const { return bytes_; }
  [[nodiscard]] size_t size() const { return frames_.size(); }

 private:
  struct Frame {
    int64_t t_ms;
    Text text;
  };

  void drop(size_t index);
  void make_room();

  const Limits limits_;
  std::deque<Frame> frames_;
  size_t bytes_ = 0;
  size_t thinned_ = 0;  // so many of the oldest are as far apart as they may be
};

}  // namespace hailstorm::lab
