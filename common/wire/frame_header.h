#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/wire/api.h"

namespace hailstorm::wire {

/// How received bytes fail to be a message of this protocol.
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

/// Fills in the first FrameHeader::kBytes of a frame whose body is complete.
void write_header(const FrameHeader& header, std::vector<uint8_t>& frame);

struct DecodedHeader {
  FrameHeader header;
  Bytes body;
};

/// Splits a first frame. Errors: every CodecErrc but bad_body. With unknown_api and
/// unsupported_version the header is lost to the caller; see peek_header.
[[nodiscard]] Result<DecodedHeader> decode_header(Bytes frame);

/// The header of a frame that is long enough and has the magic, whatever its version; the api may
/// be one that is not known.
[[nodiscard]] std::optional<FrameHeader> peek_header(Bytes frame) noexcept;

}  // namespace hailstorm::wire
