#include "common/wire/frame_header.h"

#include <fmt/format.h>

#include "common/base/enum_name.h"

namespace hailstorm::wire {
namespace {

constexpr size_t kMagicAt = 0;
constexpr size_t kVersionAt = 4;
constexpr size_t kApiAt = 5;
constexpr size_t kCorrelationIdAt = 8;
constexpr size_t kBodyLengthAt = 16;

}  // namespace

std::string_view name_of(CodecErrc code) { return enum_name(code); }

void write_header(const FrameHeader& header, std::vector<uint8_t>& frame) {
  put_be(frame.data() + kMagicAt, FrameHeader::kMagic);
  put_be(frame.data() + kVersionAt, FrameHeader::kVersion);
  put_be(frame.data() + kApiAt, static_cast<uint8_t>(header.api));
  put_be(frame.data() + kCorrelationIdAt, header.correlation_id);
  put_be(frame.data() + kBodyLengthAt, static_cast<uint32_t>(frame.size() - FrameHeader::kBytes));
}

Result<DecodedHeader> decode_header(Bytes frame) {
  if (frame.size() < FrameHeader::kBytes) {
    return Error(CodecErrc::too_short, fmt::format("frame has {} bytes, its header alone {}",
                                                   frame.size(), FrameHeader::kBytes));
  }
  if (get_be<uint32_t>(frame.data() + kMagicAt) != FrameHeader::kMagic) {
    return Error(CodecErrc::bad_magic, "frame does not begin with \"HAIL\"");
  }
  if (const auto version = get_be<uint8_t>(frame.data() + kVersionAt);
      version != FrameHeader::kVersion) {
    return Error(
        CodecErrc::unsupported_version,
        fmt::format("protocol version {}, only {} is spoken", version, FrameHeader::kVersion));
  }
  const Bytes body = frame.subspan(FrameHeader::kBytes);
  if (const auto length = get_be<uint32_t>(frame.data() + kBodyLengthAt); length != body.size()) {
    return Error(
        CodecErrc::bad_length,
        fmt::format("header claims a body of {} bytes, {} are there", length, body.size()));
  }
  const auto api = static_cast<Api>(get_be<uint8_t>(frame.data() + kApiAt));
  if (!is_known(api)) {
    return Error(CodecErrc::unknown_api, unknown_api_text(api));
  }
  return DecodedHeader{{api, get_be<uint64_t>(frame.data() + kCorrelationIdAt)}, body};
}

std::optional<FrameHeader> peek_header(Bytes frame) noexcept {
  if (frame.size() < FrameHeader::kBytes) return std::nullopt;
  if (get_be<uint32_t>(frame.data() + kMagicAt) != FrameHeader::kMagic) return std::nullopt;
  return FrameHeader{static_cast<Api>(get_be<uint8_t>(frame.data() + kApiAt)),
                     get_be<uint64_t>(frame.data() + kCorrelationIdAt)};
}

}  // namespace hailstorm::wire
