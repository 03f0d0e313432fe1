#pragma once

#include <cstddef>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/compression/codec.h"

/// Zstandard frames, by libzstd.
/// As compress() and decompress() of codec.h.
namespace hailstorm::compression {

void zstd_compress(Bytes from, Buffer& into);
[[nodiscard]] Status zstd_decompress(Bytes from, size_t max_bytes, Buffer& into);

}  // namespace hailstorm::compression
