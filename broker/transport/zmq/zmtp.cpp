#include "broker/transport/zmq/zmtp.h"

#include <algorithm>
#include <string>

#include "common/base/check.h"

namespace hailstorm::broker::zmtp {
namespace {

constexpr uint8_t kMore = 1;
constexpr uint8_t kLong = 2;
constexpr uint8_t kCommand = 4;

constexpr size_t kVersionAt = 10;
constexpr size_t kMechanismAt = 12;
constexpr size_t kMechanismBytes = 20;
constexpr uint8_t kVersion = 3;
constexpr uint8_t kMinorVersion = 1;
constexpr std::string_view kMechanism = "NULL";

constexpr std::string_view kReady = "\x05READY";
constexpr std::string_view kPing = "\x04PING";
constexpr std::string_view kPong = "\x04PONG";
constexpr size_t kTtlBytes = 2;          // of a PING, after its name
constexpr size_t kMaxContextBytes = 16;  // of a PING, after its time to live

void append(std::vector<uint8_t>& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}

std::vector<uint8_t> command(std::string_view name, Bytes rest) {
  std::vector<uint8_t> out{kCommand, static_cast<uint8_t>(name.size() + rest.size())};
  append(out, name);
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

/// A property of the handshake, as the protocol has it: the lengths in one and in four bytes.
std::string property(std::string_view name, std::string_view value) {
  std::string out(1, static_cast<char>(name.size()));
  out += name;
  out += std::string(3, '\0');
  out += static_cast<char>(value.size());
  return out += value;
}

}  // namespace

std::string_view fault_of_greeting(Bytes so_far) {
  constexpr std::string_view kOther = "it does not speak ZMTP, the protocol of ZeroMQ";
  constexpr std::string_view kOld = "it speaks a version of ZMTP below 3";
  if (!so_far.empty() && so_far[0] != 0xff) return kOther;
  if (so_far.size() >= kSignatureBytes && (so_far[kSignatureBytes - 1] & 1) == 0) return kOld;
  if (so_far.size() > kVersionAt && so_far[kVersionAt] < kVersion) return kOld;
  const size_t end = std::min(so_far.size(), kMechanismAt + kMechanismBytes);
  for (size_t i = kMechanismAt; i < end; ++i) {
    const size_t at = i - kMechanismAt;
    const char wanted = at < kMechanism.size() ? kMechanism[at] : '\0';
    if (static_cast<char>(so_far[i]) != wanted) return kWantsMechanism;
  }
  return {};
}

std::vector<uint8_t> greeting_and_handshake() {
  std::vector<uint8_t> out(kGreetingBytes);
  out[0] = 0xff;
  out[kSignatureBytes - 1] = 0x7f;
  out[kVersionAt] = kVersion;
  out[kVersionAt + 1] = kMinorVersion;
  std::copy(kMechanism.begin(), kMechanism.end(), out.begin() + kMechanismAt);
  const std::string rest = property("Socket-Type", "ROUTER") + property("Identity", "");
  const auto ready = command(kReady, as_bytes(rest));
  out.insert(out.end(), ready.begin(), ready.end());
  return out;
}

std::optional<FrameHead> read_frame_head(Bytes bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const bool is_long = (bytes[0] & kLong) != 0;
  FrameHead head;
  head.more = (bytes[0] & kMore) != 0;
  head.command = (bytes[0] & kCommand) != 0;
  head.head_bytes = is_long ? FrameHead::kMaxBytes : 2;
  if (bytes.size() < head.head_bytes) return std::nullopt;
  for (size_t i = 1; i < head.head_bytes; ++i) head.body_bytes = head.body_bytes << 8 | bytes[i];
  return head;
}

void append_frame_head(std::vector<uint8_t>& out, size_t body_bytes, bool more) {
  const bool is_long = body_bytes > UINT8_MAX;
  out.push_back(static_cast<uint8_t>((more ? kMore : 0) | (is_long ? kLong : 0)));
  for (int shift = is_long ? 56 : 0; shift >= 0; shift -= 8)
    out.push_back(static_cast<uint8_t>(uint64_t{body_bytes} >> shift));
}

bool is_handshake(Bytes command) { return as_text(command).starts_with(kReady); }

std::vector<uint8_t> answer_to(Bytes received) {
  if (!as_text(received).starts_with(kPing) || received.size() < kPing.size() + kTtlBytes)
    return {};
  const Bytes context = received.subspan(kPing.size() + kTtlBytes);
  return command(kPong, context.first(std::min(context.size(), kMaxContextBytes)));
}

std::vector<uint8_t> ping() {
  const std::array<uint8_t, kTtlBytes> none{};  // the peer need not watch us
  return command(kPing, none);
}

}  // namespace hailstorm::broker::zmtp
