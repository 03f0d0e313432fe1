#pragma once

#include <cstddef>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/compression/codec.h"

/// gzip, by zlib. Several members one after the other are read as one, as Java does.
/// As compress() and decompress() of codec.h.
namespace hailstorm::compression {

void gzip_compress(Bytes from, Buffer& into);
[[nodiscard]] Status gzip_decompress(Bytes from, size_t max_bytes, Buffer& into);

}  // namespace hailstorm::compression
