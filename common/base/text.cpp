#include "common/base/text.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>

namespace hailstorm {
namespace {

/// Marks that turn the direction of text, so that something else can hide in it.
bool reorders(char32_t code) {
  return code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

bool continues_character(char c) { return (static_cast<uint8_t>(c) & 0xc0) == 0x80; }

}  // namespace

Character first_character(std::string_view text) {
  const auto at = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = at(0);
  if (lead < 0x80) return {lead, 1};
  const size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  char32_t code = lead & (0x7fU >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    if ((at(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (at(i) & 0x3fU);
  }
  const bool is_overlong = code < (bytes == 4 ? 0x10000U : bytes == 3 ? 0x800U : 0x80U);
  const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
  if (is_overlong || is_surrogate || code > 0x10ffff) return {};
  return {code, bytes};
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t count = first_character(bytes).bytes;
    if (count == 0) return false;
    bytes.remove_prefix(count);
  }
  return true;
}

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

bool is_unprintable(char32_t code) { return is_control(code) || reorders(code); }

std::string printable(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    const Character character = first_character(bytes);
    const size_t count = std::max<size_t>(character.bytes, 1);
    if (character.bytes == 0 || (is_control(character.code) && character.code < 0x80)) {
      out += fmt::format("\\x{:02x}", static_cast<uint8_t>(bytes.front()));
    } else if (is_unprintable(character.code)) {
      out += fmt::format("\\u{:04x}", static_cast<uint32_t>(character.code));
    } else {
      out += bytes.substr(0, count);
    }
    bytes.remove_prefix(count);
  }
  return out;
}

std::string printable_lines(std::string_view text) {
  std::string out;
  while (true) {
    const size_t end = std::min(text.find('\n'), text.size());
    out += printable(text.substr(0, end));
    if (end == text.size()) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string shortened(std::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  size_t end = max_bytes;
  while (end > 0 && continues_character(text[end])) --end;
  return std::string(text.substr(0, end)) + "…";
}

size_t column_count(std::string_view text) {
  return text.size() -
         static_cast<size_t>(std::count_if(text.begin(), text.end(), continues_character));
}

}  // namespace hailstorm
