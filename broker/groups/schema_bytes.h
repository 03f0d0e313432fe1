#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/bytes.h"

namespace hailstorm::groups {

/// Writes the primitive types of Kafka's message format, big-endian: plain ones, and the "compact"
/// ones of flexible versions (lengths as unsigned varints, plus one).
///
/// Thread safety: a value; distinct objects may be used from distinct threads.
class SchemaWriter {
 public:
  template <class T>
  SchemaWriter& integer(T value) {
    uint8_t bytes[sizeof(T)];
    put_be(bytes, value);
    text_.append(reinterpret_cast<const char*>(bytes), sizeof(T));
    return *this;
  }
  SchemaWriter& unsigned_varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) text_.push_back(static_cast<char>(value | 0x80));
    text_.push_back(static_cast<char>(value));
    return *this;
  }
  /// REQUIRES: at most 32767 bytes.
  SchemaWriter& string(std::string_view value) {
    integer(static_cast<int16_t>(value.size()));
    return raw(value);
  }
  SchemaWriter& compact_string(std::string_view value) { return length(value.size()).raw(value); }
  SchemaWriter& null_string() { return unsigned_varint(0); }
  /// The length of a compact array or string; its elements follow.
  SchemaWriter& length(size_t count) { return unsigned_varint(count + 1); }
  SchemaWriter& no_tags() { return unsigned_varint(0); }
  /// The one tagged field of a structure, which ends it.
  SchemaWriter& one_tag(uint64_t tag, std::string_view content) {
    return unsigned_varint(1).unsigned_varint(tag).unsigned_varint(content.size()).raw(content);
  }
  SchemaWriter& raw(std::string_view bytes) {
    text_.append(bytes);
    return *this;
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

/// Reads what SchemaWriter wrote. After the first thing that is cut short or impossible everything
/// reads as zero or empty and failed() is true, so that callers check once, at the end.
///
/// Thread safety: not safe. The bytes must remain live while it is in use.
class SchemaReader {
 public:
  explicit SchemaReader(std::string_view from) : rest_(as_bytes(from)) {}

  template <class T>
  T integer() {
    const Bytes bytes = take(sizeof(T));
    return failed_ ? T{} : get_be<T>(bytes.data());
  }
  uint64_t unsigned_varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const auto byte = integer<uint8_t>();
      value |= uint64_t{byte & 0x7fu} << shift;
      if ((byte & 0x80) == 0) return value;
    }
    failed_ = true;
    return 0;
  }
  std::string string() {
    const auto size = integer<int16_t>();
    if (size < 0) failed_ = true;
    return failed_ ? std::string() : std::string(as_text(take(static_cast<size_t>(size))));
  }
  /// Null reads as empty.
  std::string compact_string() { return std::string(as_text(take(length()))); }
  /// Of a compact array or string; null reads as 0. Never more than the bytes that are left, since
  /// no element is smaller than one byte.
  size_t length() {
    const uint64_t plus_one = unsigned_varint();
    if (plus_one > rest_.size() + 1) failed_ = true;
    return failed_ || plus_one == 0 ? 0 : static_cast<size_t>(plus_one - 1);
  }
  /// Hands each tagged field at the end of a structure to `field(tag, content)`.
  template <class Field>
  void tags(Field&& field) {
    const uint64_t count = unsigned_varint();
    for (uint64_t i = 0; i < count && !failed_; ++i) {
      const uint64_t tag = unsigned_varint();
      const uint64_t size = unsigned_varint();
      const Bytes content = take(static_cast<size_t>(size));
      if (!failed_) field(tag, as_text(content));
    }
  }
  void skip_tags() {
    tags([](uint64_t, std::string_view) {});
  }
  Bytes take(size_t size) {
    if (size > rest_.size()) failed_ = true;
    if (failed_) return {};
    const Bytes bytes = rest_.first(size);
    rest_ = rest_.subspan(size);
    return bytes;
  }
  void fail() { failed_ = true; }
  [[nodiscard]] bool failed() const { return failed_; }
  /// Nothing went wrong and nothing is left over.
  [[nodiscard]] bool finished() const { return !failed_ && rest_.empty(); }

 private:
  Bytes rest_;
  bool failed_ = false;
};

}  // namespace hailstorm::groups
