#pragma once

#include <cstdint>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/wire/frame_header.h"
#include "common/wire/messages.h"

/// The bytes of the messages. Both functions are there for each of `Requests`, its Reply
/// and OutcomeOnly.
namespace hailstorm::wire {

/// Header and body, as the first frame of a message.
template <class Body>
[[nodiscard]] std::vector<uint8_t> encode(const FrameHeader& header, const Body& body);

/// Error bad_body: too short, too long, or a size tag that claims more than is left. Never
/// allocates more than a small multiple of body.size().
template <class Body>
[[nodiscard]] Result<Body> decode(Bytes body);

}  // namespace hailstorm::wire
