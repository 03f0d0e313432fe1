#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hailstorm::compression {

/// How the records of a batch are compressed, by Kafka's numbers.
enum class Codec : int8_t { none = 0, gzip = 1, snappy = 2, lz4 = 3, zstd = 4 };
/// All of them but none.
inline constexpr Codec kCodecs[] = {Codec::gzip, Codec::snappy, Codec::lz4, Codec::zstd};
/// "gzip", as Kafka's setting compression.type has it.
[[nodiscard]] std::string_view name_of(Codec codec);
/// The codec of this name; nothing: none has it.
[[nodiscard]] std::optional<Codec> codec_named(std::string_view name);

enum class CompressionErrc {
  unknown_codec,
  damaged,    // the bytes are not of this codec, or incomplete
  too_large,  // they would be larger than allowed
};
[[nodiscard]] std::string_view name_of(CompressionErrc code);

using Buffer = std::vector<uint8_t>;

}  // namespace hailstorm::compression
