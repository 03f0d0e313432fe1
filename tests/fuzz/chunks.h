#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"

namespace hailstorm::fuzz {

struct Chunk {
  uint8_t tag = 0;
  Bytes bytes;
};

/// An input as a list of chunks: tag (u8), length (u16, big-endian), bytes. What is cut short is
/// taken as it is, so that every input is a list.
///
/// Thread safety: not safe.
class ChunkReader {
 public:
  explicit ChunkReader(Bytes input) : rest_(input) {}

  [[nodiscard]] std::optional<Chunk> next() {
    if (rest_.size() < 3) return std::nullopt;
    const size_t length = std::min<size_t>(get_be<uint16_t>(rest_.data() + 1), rest_.size() - 3);
    const Chunk chunk{rest_[0], rest_.subspan(3, length)};
    rest_ = rest_.subspan(3 + length);
    return chunk;
  }

 private:
  Bytes rest_;
};

/// The other way round, for the corpora. Chunks of more than 65535 bytes are cut off there.
inline void add_chunk(std::vector<uint8_t>& into, uint8_t tag, Bytes bytes) {
  const auto length = static_cast<uint16_t>(std::min<size_t>(bytes.size(), UINT16_MAX));
  uint8_t head[3] = {tag, 0, 0};
  put_be(head + 1, length);
  into.insert(into.end(), head, head + 3);
  into.insert(into.end(), bytes.begin(), bytes.begin() + length);
}

/// Gives a batch that was made up the length and the checksum that are right for it, so that what
/// comes after the checksum is reached.
void make_batch_plausible(MutableBytes batch);

}  // namespace hailstorm::fuzz
