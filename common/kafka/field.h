#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/base/bytes.h"

/// The tables that say which fields a structure of Kafka's protocol has, and in which versions.
namespace hailstorm::kafka {

class MessageReader;
class MessageWriter;
struct Field;

/// The fields of one structure, in the order in which they are sent; tagged ones by their tags.
using Fields = std::span<const Field>;

/// Bytes that the protocol carries and does not look into, such as a member's metadata.
struct Opaque {
  std::string bytes;
};

/// Record batches. They stay where they are: of a message that was read, in the bytes of the frame,
/// which must remain live while it is in use; of one that is written, until it was sent.
struct Records {
  Bytes bytes;
};

enum class FieldKind : uint8_t {
  boolean,
  int8,
  int16,
  int32,
  int64,
  float64,
  uuid,
  string,
  bytes,
  records,
  structure
};

/// The type of a field. It follows from that of the C++ member: std::vector is an array,
/// std::optional may be null.
///
/// Thread safety: a constant.
struct FieldType {
  FieldKind kind;  // of an array: of its elements
  bool is_array = false;
  bool is_nullable = false;
  // Of FieldKind::structure: its fields, and one that has its defaults.
  Fields (*fields)() = nullptr;
  const void* (*default_value)() = nullptr;
};

/// In which versions of its message a field exists.
struct FieldVersions {
  int16_t since = 0;
  int16_t until = INT16_MAX;   // the last one
  int16_t nullable_since = 0;  // only where the type is nullable: before it null is an error

  [[nodiscard]] bool has(int16_t version) const { return since <= version && version <= until; }
};

inline constexpr int16_t kNoTag = -1;

/// One field: its name, type and versions, and how it is read into its structure and written out of
/// it. A field that is not sent keeps the initializer of its member: its default.
///
/// Thread safety: a constant.
struct Field {
  std::string_view name;  // Kafka's
  FieldType type;
  FieldVersions versions;
  int16_t tag;  // kNoTag: it is in its place, else among the tagged fields at the structure's end
  void (*read)(MessageReader& from, void* structure, bool may_be_null);
  void (*write)(MessageWriter& to, const void* structure, bool may_be_null);
  bool (*is_default)(const void* structure);  // null: without a tag

  [[nodiscard]] bool may_be_null(int16_t version) const {
    return type.is_nullable && version >= versions.nullable_since;
  }
};

}  // namespace hailstorm::kafka
