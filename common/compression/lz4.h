#pragma once

#include <cstddef>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/compression/codec.h"

/// LZ4 frames, by liblz4. Written with independent blocks: Java's clients read no other ones.
/// As compress() and decompress() of codec.h.
namespace hailstorm::compression {

void lz4_compress(Bytes from, Buffer& into);
[[nodiscard]] Status lz4_decompress(Bytes from, size_t max_bytes, Buffer& into);

}  // namespace hailstorm::compression
