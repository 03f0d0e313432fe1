#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/wire/messages.h"

namespace hailstorm::wire {

/// How received bytes fail to be a message of ours.
enum class CodecErrc {
  too_short,
  bad_magic,
  unsupported_version,
  bad_length,
  unknown_api,
  bad_body
};
[[nodiscard]] std::string_view name_of(CodecErrc code);

/// The 20 bytes before every body, big-endian: magic "HAIL" (u32), version (u8), api (u8), zero
/// (u16), correlation id (u64), body length (u32). A reply carries its request's api and
/// correlation id.
struct FrameHeader {
  static constexpr size_t kBytes = 20;
  static constexpr uint32_t kMagic = 0x4841494c;
  static constexpr uint8_t kVersion = 2;

  Api api = Api::metadata;
  uint64_t correlation_id = 0;
};

/// Header and body, as the first frame of a message.
template <class Body>
[[nodiscard]] std::vector<uint8_t> encode(const FrameHeader& header, const Body& body);

struct DecodedHeader {
  FrameHeader header;
  Bytes body;
};

/// Splits a first frame. Errors: every CodecErrc but bad_body. With unknown_api and
/// unsupported_version the correlation id is lost to the caller; see peek_correlation_id.
[[nodiscard]] Result<DecodedHeader> decode_header(Bytes frame);

/// The correlation id of a frame that is long enough and has the magic, else 0.
[[nodiscard]] uint64_t peek_correlation_id(Bytes frame) noexcept;

/// Error bad_body: too short, too long, or a size tag that claims more than is left. Never
/// allocates more than a small multiple of body.size().
template <class Body>
[[nodiscard]] Result<Body> decode(Bytes body);

}  // namespace hailstorm::wire
