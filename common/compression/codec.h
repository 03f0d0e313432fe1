#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/result.h"

namespace hailstorm::compression {

/// How the records of a batch are compressed, by Kafka's numbers.
enum class Codec : int8_t { none = 0, gzip = 1, snappy = 2, lz4 = 3, zstd = 4 };
inline constexpr Codec kCodecs[] = {Codec::gzip, Codec::snappy, Codec::lz4, Codec::zstd};
/// "gzip", as Kafka's setting compression.type has it.
[[nodiscard]] std::string_view name_of(Codec codec);

enum class CompressionErrc {
  unknown_codec,
  damaged,    // the bytes are not of this codec, or incomplete
  too_large,  // they would be larger than allowed
};
[[nodiscard]] std::string_view name_of(CompressionErrc code);

using Buffer = std::vector<uint8_t>;

/// Replaces what `into` holds, and uses its memory again. REQUIRES: a codec of this enum.
void compress(Codec codec, Bytes from, Buffer& into);

/// Replaces what `into` holds, and uses its memory again; after an error it holds anything. Never
/// takes more than `max_bytes` for it, beside what the codec needs itself (lz4 up to 8 MiB). Pure
/// functions: safe from any thread. Errors: CompressionErrc.
[[nodiscard]] Status decompress(Codec codec, Bytes from, size_t max_bytes, Buffer& into);

}  // namespace hailstorm::compression
