#include "common/base/uuid.h"

namespace hailstorm {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

bool ends_a_group(size_t byte) { return byte == 3 || byte == 5 || byte == 7 || byte == 9; }

}  // namespace

std::string Uuid::text() const {
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    text += kHexDigits[bytes[i] >> 4];
    text += kHexDigits[bytes[i] & 0xf];
    if (ends_a_group(i)) text += '-';
  }
  return text;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  Uuid id;
  size_t at = 0;
  for (size_t i = 0; i < id.bytes.size(); ++i) {
    if (at + 2 > text.size()) return std::nullopt;
    const size_t high = kHexDigits.find(text[at]);
    const size_t low = kHexDigits.find(text[at + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    id.bytes[i] = static_cast<uint8_t>(high << 4 | low);
    at += 2;
    if (ends_a_group(i) && (at == text.size() || text[at++] != '-')) return std::nullopt;
  }
  if (at != text.size()) return std::nullopt;
  return id;
}

}  // namespace hailstorm
