#pragma once

#include <cstddef>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/compression/codec.h"

namespace hailstorm::compression {

/// Replaces what `into` holds, and uses its memory again. REQUIRES: a codec of this enum.
void compress(Codec codec, Bytes from, Buffer& into);

/// Replaces what `into` holds, and uses its memory again; after an error it holds anything. Never
/// takes more than `max_bytes` for it, beside what the codec needs itself (lz4 up to 8 MiB). Pure
/// functions: safe from any thread. Errors: CompressionErrc.
[[nodiscard]] Status decompress(Codec codec, Bytes from, size_t max_bytes, Buffer& into);

}  // namespace hailstorm::compression
