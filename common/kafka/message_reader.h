#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/base/uuid.h"
#include "common/kafka/field.h"
#include "common/kafka/primitives.h"

namespace hailstorm::kafka {

enum class MessageErrc {
  cut_short,        // the bytes end inside of a field
  bad_length,       // a length below -1, or one that does not fit what it counts
  unexpected_null,  // in a version that has no null there
  too_large,        // it would take more memory than is allowed
  unknown_version,
};
[[nodiscard]] std::string_view name_of(MessageErrc code);

/// How many bytes a length has where the version is not flexible; where it is, all are varints.
enum class LengthWidth { two_bytes, four_bytes };

/// Reads the fields of one message in one version. After the first field that is wrong everything
/// reads as empty and failed() is true, so that callers check once, at the end. No memory is taken
/// for a length before the bytes that it announces are there, nor more than `memory_bytes` in all.
///
/// Thread safety: not safe. The bytes must remain live while it and what it read are in use.
class MessageReader {
 public:
  MessageReader(Bytes bytes, int16_t version, bool is_flexible, size_t memory_bytes);

  template <class T>
  T integer() {
    return rest_.integer<T>();
  }
  Uuid uuid() { return rest_.uuid(); }
  /// What a string, some bytes or an array begins with; nothing: null. Never more than the bytes
  /// that are left, since no element is smaller than one byte.
  [[nodiscard]] std::optional<size_t> length(LengthWidth width);
  Bytes take(size_t size) { return rest_.take(size); }
  /// `into`: a structure with these fields, each still with its default.
  void read(Fields fields, void* into);

  /// False, and failed(): so much more memory is not allowed.
  [[nodiscard]] bool may_take(size_t memory_bytes);
  void fail(MessageErrc code);
  /// To be called from inside out while the stack unwinds: where the failure is.
  void failed_in(std::string_view name);
  void failed_at(size_t index);

  [[nodiscard]] bool failed() const { return rest_.failed(); }
  /// REQUIRES: failed().
  [[nodiscard]] Error error(std::string_view message_name) const;

 private:
  void read_tagged(Fields fields, void* into);
  void read_one_tagged(const Field& field, Bytes content, void* into);

  Reader rest_;
  int16_t version_;
  bool is_flexible_;
  size_t memory_bytes_;
  MessageErrc code_ = MessageErrc::cut_short;
  std::string path_;  // of the field that is wrong
};

}  // namespace hailstorm::kafka
