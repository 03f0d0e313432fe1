#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <string_view>

namespace hailstorm::lab {

/// A time that never comes.
inline constexpr int64_t kNeverUs = std::numeric_limits<int64_t>::max();

/// Bytes that wait, in order, each with the time from which it may go on.
///
/// Thread safety: not safe.
class ByteQueue {
 public:
  /// So many bytes are held at most. With a delay this bounds the rate too, as TCP's window does:
  /// 200 ms let 1.3 MB/s through.
  static constexpr size_t kMostBytes = 256 << 10;

  /// `due_us` counts as no earlier than that of the bytes before.
  void push(std::string_view bytes, int64_t due_us);
  /// Bytes that are due at `now_us` become ready.
  void release(int64_t now_us);
  [[nodiscard]] std::string_view ready() const { return {bytes_.data() + first_, ready_}; }
  /// Takes so many of the ready bytes off.
  void pop(size_t count);

  [[nodiscard]] bool is_empty() const { return first_ == bytes_.size(); }
  /// How many more bytes it takes.
  [[nodiscard]] size_t room() const;
  /// When the first byte that is not ready is due.
  [[nodiscard]] int64_t next_due_us() const {
    return marks_.empty() ? kNeverUs : marks_.front().due_us;
  }

 private:
  struct Mark {
    int64_t due_us;
    size_t count;
  };
  std::string bytes_;
  size_t first_ = 0;  // those before it were taken off
  size_t ready_ = 0;
  std::deque<Mark> marks_;  // of the bytes that are not ready
};

}  // namespace hailstorm::lab
