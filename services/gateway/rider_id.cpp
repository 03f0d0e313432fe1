#include "services/gateway/rider_id.h"

#include <algorithm>
#include <iterator>

#include "common/base/text.h"

namespace hailstorm::gateway {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// Controls, and what Unicode calls format characters, fillers, line ends and noncharacters: two
/// texts that differ in these alone look the same.
constexpr Range kUnseen[] = {
    {0x00, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},
    {0x600, 0x605},     {0x61c, 0x61c},     {0x6dd, 0x6dd},     {0x70f, 0x70f},
    {0x890, 0x891},     {0x8e2, 0x8e2},     {0x115f, 0x1160},   {0x17b4, 0x17b5},
    {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},
    {0x3164, 0x3164},   {0xe000, 0xf8ff},   {0xfdd0, 0xfdef},   {0xfeff, 0xfeff},
    {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0xfffe, 0xffff},   {0x110bd, 0x110bd},
    {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
    {0xe0000, 0x10ffff}};
constexpr Range kBlank[] = {{0x20, 0x20},     {0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200a},
                            {0x202f, 0x202f}, {0x205f, 0x205f}, {0x2800, 0x2800}, {0x3000, 0x3000}};

template <size_t N>
bool is_in(const Range (&ranges)[N], char32_t character) {
  return std::any_of(std::begin(ranges), std::end(ranges), [character](const Range& range) {
    return character >= range.first && character <= range.last;
  });
}

}  // namespace

bool is_rider_id(std::string_view text) {
  size_t chars = 0;
  bool is_visible = false;
  for (; !text.empty(); ++chars) {
    const Character character = first_character(text);
    if (character.bytes == 0 || is_in(kUnseen, character.code)) return false;
    is_visible = is_visible || !is_in(kBlank, character.code);
    text.remove_prefix(character.bytes);
  }
  return is_visible && chars <= kMaxRiderIdChars;
}

}  // namespace hailstorm::gateway
