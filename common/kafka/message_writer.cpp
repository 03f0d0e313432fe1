#include "common/kafka/message_writer.h"

#include <algorithm>
#include <utility>

#include "common/kafka/field.h"

namespace hailstorm::kafka {

size_t EncodedMessage::size_bytes() const {
  size_t size = text.size();
  for (const Insertion& one : records) size += one.bytes.size();
  return size;
}

std::string EncodedMessage::joined() const {
  std::string all;
  all.reserve(size_bytes());
  size_t position = 0;
  for (const Insertion& one : records) {
    all.append(text, position, one.position - position).append(as_text(one.bytes));
    position = one.position;
  }
  return all.append(text, position);
}

void MessageWriter::length(std::optional<size_t> size, LengthWidth width) {
  if (is_flexible_) {
    text_.unsigned_varint(size ? *size + 1 : 0);
  } else if (width == LengthWidth::two_bytes) {
    integer(size ? static_cast<int16_t>(*size) : int16_t{-1});
  } else {
    integer(size ? static_cast<int32_t>(*size) : int32_t{-1});
  }
}

void MessageWriter::records(Bytes bytes) {
  if (!bytes.empty()) records_.push_back({text_.size(), bytes});
}

void MessageWriter::write(Fields fields, const void* structure) {
  for (const Field& field : fields) {
    if (field.tag != kNoTag || !field.versions.has(version_)) continue;
    field.write(*this, structure, field.may_be_null(version_));
  }
  if (is_flexible_) write_tagged(fields, structure);
}

bool MessageWriter::has_tagged(const Field& field, const void* structure) const {
  return field.tag != kNoTag && field.versions.has(version_) && !field.is_default(structure);
}

void MessageWriter::write_tagged(Fields fields, const void* structure) {
  text_.unsigned_varint(
      static_cast<uint64_t>(std::count_if(fields.begin(), fields.end(), [&](const Field& field) {
        return has_tagged(field, structure);
      })));
  for (const Field& field : fields) {
    if (!has_tagged(field, structure)) continue;
    MessageWriter content(version_, is_flexible_);
    field.write(content, structure, field.may_be_null(version_));
    const std::string text = content.text_.take();
    text_.unsigned_varint(static_cast<uint64_t>(field.tag)).unsigned_varint(text.size()).raw(text);
  }
}

EncodedMessage MessageWriter::take() { return {text_.take(), std::move(records_)}; }

}  // namespace hailstorm::kafka
