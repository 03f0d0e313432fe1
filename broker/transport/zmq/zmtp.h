#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"

/// The bytes of ZMTP 3, which ZeroMQ's sockets speak, as far as a ROUTER without encryption needs
/// them (rfc.zeromq.org/spec/23 and 37).
namespace hailstorm::broker::zmtp {

inline constexpr size_t kGreetingBytes = 64;
/// A peer that has sent so many bytes of its greeting waits for ours.
inline constexpr size_t kSignatureBytes = 10;
inline constexpr size_t kMaxCommandBytes = 4'096;
inline constexpr std::string_view kWantsMechanism =
    "it wants a mechanism of security, and there is none here";

/// What is wrong with the first bytes of a peer; empty: nothing so far. Older versions of the
/// protocol are refused, and so is all that is another protocol, such as HTTP.
[[nodiscard]] std::string_view fault_of_greeting(Bytes so_far);
/// Our greeting and, after it, our handshake.
[[nodiscard]] std::vector<uint8_t> greeting_and_handshake();

struct FrameHead {
  static constexpr size_t kMaxBytes = 9;

  bool more = false;     // the message goes on with another frame
  bool command = false;  // for the engine, no part of a message
  uint64_t body_bytes = 0;
  size_t head_bytes = 0;
};
/// Nothing: it is not complete yet.
[[nodiscard]] std::optional<FrameHead> read_frame_head(Bytes bytes);
/// Of a frame of a message.
void append_frame_head(std::vector<uint8_t>& out, size_t body_bytes, bool more);

[[nodiscard]] bool is_handshake(Bytes command);
/// The answer to a command: a PONG to a PING, nothing to others.
[[nodiscard]] std::vector<uint8_t> answer_to(Bytes command);
/// A frame that asks the peer whether it is there.
[[nodiscard]] std::vector<uint8_t> ping();

}  // namespace hailstorm::broker::zmtp
