#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/bytes.h"
#include "common/base/uuid.h"

/// The primitive types of Kafka's protocol and of its records about groups: big-endian integers,
/// plain strings, and the "compact" types of flexible versions, whose lengths are unsigned varints
/// plus one.
namespace hailstorm::kafka {

/// Appends primitive types to a text.
///
/// Thread safety: a value; distinct objects may be used from distinct threads.
class Writer {
 public:
  template <class T>
  Writer& integer(T value) {
    uint8_t bytes[sizeof(T)];
    put_be(bytes, value);
    return raw(as_text(bytes));
  }
  Writer& unsigned_varint(uint64_t value);
  Writer& uuid(const Uuid& value) { return raw(as_text(value.bytes)); }
  /// REQUIRES: at most 32767 bytes.
  Writer& string(std::string_view value);
  /// REQUIRES: as string().
  Writer& nullable_string(const std::optional<std::string>& value);
  Writer& compact_string(std::string_view value) { return length(value.size()).raw(value); }
  Writer& null_compact_string() { return unsigned_varint(0); }
  /// The length of a compact array or string; its elements follow.
  Writer& length(size_t count) { return unsigned_varint(count + 1); }
  Writer& no_tags() { return unsigned_varint(0); }
  /// The one tagged field of a structure, which ends it.
  Writer& one_tag(uint64_t tag, std::string_view content);
  Writer& raw(std::string_view bytes);
  [[nodiscard]] size_t size() const { return text_.size(); }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

/// Reads what Writer wrote. After the first field that is cut short or impossible, everything reads
/// as zero or empty and failed() is true, so that callers check once, at the end.
///
/// Thread safety: not safe. The bytes must remain live while it is in use.
class Reader {
 public:
  explicit Reader(std::string_view from) : rest_(as_bytes(from)) {}

  template <class T>
  T integer() {
    const Bytes bytes = take(sizeof(T));
    return failed_ ? T{} : get_be<T>(bytes.data());
  }
  uint64_t unsigned_varint();
  Uuid uuid();
  std::string string();
  std::optional<std::string> nullable_string();
  /// Null reads as empty.
  std::string compact_string() { return std::string(as_text(take(length()))); }
  /// Of a compact array or string; null reads as 0. Never more than the bytes that are left, since
  /// no element is smaller than one byte.
  size_t length();
  /// Calls `field(tag, content)` for each tagged field at the end of a structure.
  void tags(const std::function<void(uint64_t tag, std::string_view content)>& field);
  void skip_tags();
  Bytes take(size_t size);
  void fail() { failed_ = true; }
  /// Of what is left, in bytes.
  [[nodiscard]] size_t size() const { return rest_.size(); }
  [[nodiscard]] bool failed() const { return failed_; }
  /// Nothing failed and no bytes are left over.
  [[nodiscard]] bool finished() const { return !failed_ && rest_.empty(); }

 private:
  Bytes rest_;
  bool failed_ = false;
};

}  // namespace hailstorm::kafka
