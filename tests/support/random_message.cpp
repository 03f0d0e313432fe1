#include "tests/support/random_message.h"

#include <algorithm>
#include <vector>

namespace hailstorm::testing {

using kafka::Field;
using kafka::FieldKind;
using kafka::Fields;
using kafka::FieldType;
using kafka::Writer;

RandomMessage::RandomMessage(uint64_t seed, int16_t version, bool is_flexible)
    : random_(seed), version_(version), is_flexible_(is_flexible) {}

std::string RandomMessage::of(Fields fields) {
  Writer to;
  structure(fields, to);
  return to.take();
}

int64_t RandomMessage::below(int64_t end) {
  return std::uniform_int_distribution<int64_t>(0, end - 1)(random_);
}

void RandomMessage::structure(Fields fields, Writer& to) {
  for (const Field& one : fields) {
    if (one.tag == kafka::kNoTag && one.versions.has(version_)) field(one, to, false);
  }
  if (is_flexible_) tagged(fields, to);
}

void RandomMessage::tagged(Fields fields, Writer& to) {
  std::vector<const Field*> sent;
  for (const Field& one : fields) {
    if (one.tag != kafka::kNoTag && one.versions.has(version_) && below(2) == 0) {
      sent.push_back(&one);
    }
  }
  std::sort(sent.begin(), sent.end(),
            [](const Field* a, const Field* b) { return a->tag < b->tag; });
  to.unsigned_varint(sent.size());
  for (const Field* one : sent) {
    Writer content;
    field(*one, content, true);
    to.unsigned_varint(static_cast<uint64_t>(one->tag)).unsigned_varint(content.size());
    to.raw(content.take());
  }
}

void RandomMessage::length(FieldKind kind, bool is_array, int64_t size, Writer& to) const {
  if (is_flexible_) {
    to.unsigned_varint(static_cast<uint64_t>(size + 1));
  } else if (kind == FieldKind::string && !is_array) {
    to.integer(static_cast<int16_t>(size));
  } else {
    to.integer(static_cast<int32_t>(size));
  }
}

void RandomMessage::field(const Field& field, Writer& to, bool is_sent) {
  const FieldType& type = field.type;
  if (field.may_be_null(version_)) {
    const bool is_null = !is_sent && below(4) == 0;
    if (type.kind == FieldKind::structure && !type.is_array) {
      to.integer(static_cast<int8_t>(is_null ? -1 : 1));
      if (is_null) return;
    } else if (is_null) {
      return length(type.kind, type.is_array, -1, to);
    }
  }
  if (!type.is_array) return value(type, to, is_sent);
  const int64_t count = is_sent ? 1 + below(3) : below(4);
  length(type.kind, true, count, to);
  for (int64_t i = 0; i < count; ++i) value(type, to, false);
}

void RandomMessage::value(const FieldType& type, Writer& to, bool is_sent) {
  const auto number = static_cast<int64_t>(random_() | 2);  // neither 0 nor -1 in any width
  switch (type.kind) {
    case FieldKind::boolean:
      to.integer(static_cast<int8_t>(is_sent ? 1 : below(2)));
      break;
    case FieldKind::int8:
      to.integer(static_cast<int8_t>(number & ~1));
      break;
    case FieldKind::int16:
      to.integer(static_cast<int16_t>(number & ~1));
      break;
    case FieldKind::int32:
      to.integer(static_cast<int32_t>(number & ~1));
      break;
    case FieldKind::int64:
    case FieldKind::float64:
      to.integer(number & ~1);
      break;
    case FieldKind::uuid:
      to.integer(number).integer(static_cast<int64_t>(random_()));
      break;
    case FieldKind::structure:
      structure(type.fields(), to);
      break;
    case FieldKind::string:
    case FieldKind::bytes:
    case FieldKind::records: {
      // Some are long enough for a length of two bytes as a varint.
      const int64_t size = (is_sent ? 1 : 0) + below(below(8) == 0 ? 300 : 12);
      length(type.kind, false, size, to);
      for (int64_t i = 0; i < size; ++i) to.integer(static_cast<uint8_t>(random_()));
    }
  }
}

}  // namespace hailstorm::testing
