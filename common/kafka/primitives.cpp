#include "common/kafka/primitives.h"

#include <algorithm>

namespace hailstorm::kafka {

Writer& Writer::unsigned_varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7) text_.push_back(static_cast<char>(value | 0x80));
  text_.push_back(static_cast<char>(value));
  return *this;
}

Writer& Writer::string(std::string_view value) {
  integer(static_cast<int16_t>(value.size()));
  return raw(value);
}

Writer& Writer::nullable_string(const std::optional<std::string>& value) {
  return value ? string(*value) : integer(int16_t{-1});
}

Writer& Writer::one_tag(uint64_t tag, std::string_view content) {
  return unsigned_varint(1).unsigned_varint(tag).unsigned_varint(content.size()).raw(content);
}

Writer& Writer::raw(std::string_view bytes) {
  text_.append(bytes);
  return *this;
}

uint64_t Reader::unsigned_varint() {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    const auto byte = integer<uint8_t>();
    value |= uint64_t{byte & 0x7fu} << shift;
    if ((byte & 0x80) == 0) return value;
  }
  failed_ = true;
  return 0;
}

Uuid Reader::uuid() {
  Uuid value;
  const Bytes bytes = take(value.bytes.size());
  std::copy(bytes.begin(), bytes.end(), value.bytes.begin());
  return value;
}

std::string Reader::string() {
  std::optional<std::string> value = nullable_string();
  if (!value) failed_ = true;
  return std::move(value).value_or("");
}

std::optional<std::string> Reader::nullable_string() {
  const auto size = integer<int16_t>();
  if (size == -1 && !failed_) return std::nullopt;
  if (size < 0) failed_ = true;
  return failed_ ? std::string() : std::string(as_text(take(static_cast<size_t>(size))));
}

size_t Reader::length() {
  const uint64_t plus_one = unsigned_varint();
  if (plus_one > rest_.size() + 1) failed_ = true;
  return failed_ || plus_one == 0 ? 0 : static_cast<size_t>(plus_one - 1);
}

void Reader::tags(const std::function<void(uint64_t, std::string_view)>& field) {
  const uint64_t count = unsigned_varint();
  for (uint64_t i = 0; i < count && !failed_; ++i) {
    const uint64_t tag = unsigned_varint();
    const uint64_t size = unsigned_varint();
    const Bytes content = take(static_cast<size_t>(size));
    if (!failed_) field(tag, as_text(content));
  }
}

void Reader::skip_tags() {
  tags([](uint64_t, std::string_view) {});
}

Bytes Reader::take(size_t size) {
  if (size > rest_.size()) failed_ = true;
  if (failed_) return {};
  const Bytes bytes = rest_.first(size);
  rest_ = rest_.subspan(size);
  return bytes;
}

}  // namespace hailstorm::kafka
