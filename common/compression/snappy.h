#pragma once

#include <cstddef>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/compression/codec.h"

/// snappy, by libsnappy. Written in blocks with xerial's framing, as Java's clients do; read with
/// that framing or as one plain block, as librdkafka writes it.
/// As compress() and decompress() of codec.h.
namespace hailstorm::compression {

void snappy_compress(Bytes from, Buffer& into);
[[nodiscard]] Status snappy_decompress(Bytes from, size_t max_bytes, Buffer& into);

}  // namespace hailstorm::compression
