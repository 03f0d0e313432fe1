#include <fmt/format.h>

#include "common/kafka/define_field.h"
#include "tests/kafka/schemas/schema_lines.h"

namespace hailstorm::testing {
namespace {

using kafka::Field;
using kafka::FieldKind;
using kafka::Fields;
using kafka::FieldType;

std::string_view name_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::boolean:
      return "bool";
    case FieldKind::int8:
      return "int8";
    case FieldKind::int16:
      return "int16";
    case FieldKind::int32:
      return "int32";
    case FieldKind::int64:
      return "int64";
    case FieldKind::float64:
      return "float64";
    case FieldKind::uuid:
      return "uuid";
    case FieldKind::string:
      return "string";
    case FieldKind::bytes:
      return "bytes";
    case FieldKind::records:
      return "records";
    case FieldKind::structure:
      return "structure";
  }
  return "";
}

/// What a field of these bytes says, which our own writer wrote where null is allowed.
std::string default_text(const FieldType& type, const std::string& bytes) {
  kafka::Reader from(bytes);
  if (type.is_array) return from.integer<int32_t>() < 0 ? "null" : "[]";
  switch (type.kind) {
    case FieldKind::boolean:
      return from.integer<int8_t>() == 0 ? "false" : "true";
    case FieldKind::int8:
      return std::to_string(from.integer<int8_t>());
    case FieldKind::int16:
      return std::to_string(from.integer<int16_t>());
    case FieldKind::int32:
      return std::to_string(from.integer<int32_t>());
    case FieldKind::int64:
      return std::to_string(from.integer<int64_t>());
    case FieldKind::float64:
      return std::to_string(from.integer<int64_t>());
    case FieldKind::uuid:
      return from.uuid().text();
    case FieldKind::string: {
      const auto text = from.nullable_string();
      return text ? "'" + *text + "'" : "null";
    }
    case FieldKind::bytes:
      return from.integer<int32_t>() < 0 ? "null" : "''";
    case FieldKind::records:
      return "";
    case FieldKind::structure:
      return type.is_nullable && from.integer<int8_t>() < 0 ? "null" : "{}";
  }
  return "";
}

void add_lines(Fields fields, const void* defaults, int16_t version, const std::string& before,
               std::vector<std::string>& lines) {
  for (const Field& field : fields) {
    if (!field.versions.has(version)) continue;
    kafka::MessageWriter writer(version, false);
    field.write(writer, defaults, true);
    lines.push_back(fmt::format("{}{} {}{}{}{} = {}", before, field.name,
                                field.type.is_array ? "[]" : "", name_of(field.type.kind),
                                field.may_be_null(version) ? " nullable" : "",
                                field.tag == kafka::kNoTag ? "" : fmt::format(" tag {}", field.tag),
                                default_text(field.type, writer.take().text)));
    if (field.type.kind != FieldKind::structure) continue;
    add_lines(field.type.fields(), field.type.default_value(), version,
              before + std::string(field.name) + ".", lines);
  }
}

}  // namespace

std::vector<std::string> lines_of_table(Fields fields, const void* defaults, int16_t version) {
  std::vector<std::string> lines;
  add_lines(fields, defaults, version, "", lines);
  return lines;
}

}  // namespace hailstorm::testing
