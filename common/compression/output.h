#pragma once

#include <cstddef>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/compression/codec.h"

namespace hailstorm::compression {

[[nodiscard]] Error damaged(Codec codec, std::string_view flaw);
[[nodiscard]] Error too_large(Codec codec, size_t max_bytes);

/// A buffer that grows as decompressed bytes come, up to a limit.
///
/// Thread safety: not safe. The buffer must remain live while it is in use.
class Output {
 public:
  Output(Buffer& into, size_t max_bytes);

  /// Where the next bytes may be put; at least one byte, but where the limit is reached: then none.
  /// What it gave before is no longer valid.
  [[nodiscard]] MutableBytes free();
  /// So many bytes were put there.
  void add(size_t bytes) { size_ += bytes; }
  /// The buffer then holds what was added.
  void finish() { into_.resize(size_); }

 private:
  Buffer& into_;
  size_t max_bytes_;
  size_t size_ = 0;
};

}  // namespace hailstorm::compression
