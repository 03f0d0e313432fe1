#include "common/kafka/message_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "common/base/enum_name.h"
#include "common/kafka/field.h"

namespace hailstorm::kafka {

std::string_view name_of(MessageErrc code) { return enum_name(code); }

MessageReader::MessageReader(Bytes bytes, int16_t version, bool is_flexible, size_t memory_bytes)
    : rest_(as_text(bytes)),
      version_(version),
      is_flexible_(is_flexible),
      memory_bytes_(memory_bytes) {}

std::optional<size_t> MessageReader::length(LengthWidth width) {
  int64_t size = 0;
  if (is_flexible_) {
    size = static_cast<int64_t>(rest_.unsigned_varint()) - 1;
  } else {
    size = width == LengthWidth::two_bytes ? integer<int16_t>() : integer<int32_t>();
  }
  if (failed()) return 0;
  if (size == -1) return std::nullopt;
  if (size < 0) fail(MessageErrc::bad_length);
  if (size > static_cast<int64_t>(rest_.size())) fail(MessageErrc::cut_short);
  return failed() ? 0 : static_cast<size_t>(size);
}

void MessageReader::read(Fields fields, void* into) {
  for (const Field& field : fields) {
    if (field.tag != kNoTag || !field.versions.has(version_)) continue;
    field.read(*this, into, field.may_be_null(version_));
    if (failed()) return failed_in(field.name);
  }
  if (is_flexible_) read_tagged(fields, into);
}

void MessageReader::read_tagged(Fields fields, void* into) {
  const uint64_t count = rest_.unsigned_varint();
  for (uint64_t i = 0; i < count && !failed(); ++i) {
    const uint64_t tag = rest_.unsigned_varint();
    const uint64_t size = rest_.unsigned_varint();
    const Bytes content = take(static_cast<size_t>(size));
    const auto known = std::find_if(fields.begin(), fields.end(), [&](const Field& field) {
      return field.tag != kNoTag && static_cast<uint64_t>(field.tag) == tag &&
             field.versions.has(version_);
    });
    if (!failed() && known != fields.end()) read_one_tagged(*known, content, into);
  }
  if (failed() && path_.empty()) failed_in("tagged fields");
}

void MessageReader::read_one_tagged(const Field& field, Bytes content, void* into) {
  const Reader after = std::exchange(rest_, Reader(as_text(content)));
  field.read(*this, into, field.may_be_null(version_));
  if (!failed() && rest_.size() > 0) fail(MessageErrc::bad_length);
  if (failed()) return failed_in(field.name);
  rest_ = after;
}

bool MessageReader::may_take(size_t memory_bytes) {
  if (memory_bytes > memory_bytes_) fail(MessageErrc::too_large);
  if (failed()) return false;
  memory_bytes_ -= memory_bytes;
  return true;
}

void MessageReader::fail(MessageErrc code) {
  if (failed()) return;
  code_ = code;
  rest_.fail();
}

void MessageReader::failed_in(std::string_view name) {
  const bool is_last = path_.empty() || path_.front() == '[';
  path_.insert(0, is_last ? std::string(name) : std::string(name) + ".");
}

void MessageReader::failed_at(size_t index) {
  path_.insert(0, fmt::format("[{}]{}", index, path_.empty() ? "" : "."));
}

Error MessageReader::error(std::string_view message_name) const {
  return Error(code_, fmt::format("{} version {}, field {}: {}", message_name, version_, path_,
                                  kafka::name_of(code_)));
}

}  // namespace hailstorm::kafka
