#include "tests/kafka/twin/message_values.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>

#include "common/kafka/primitives.h"

namespace hailstorm::twin {
namespace {

using kafka::Field;
using kafka::FieldKind;
using kafka::Fields;
using kafka::FieldType;

// Fields that name the elements of an array, the best one first.
constexpr std::string_view kKeys[] = {"Name",     "TopicName",      "Topic",      "GroupId",
                                      "TopicId",  "PartitionIndex", "Partition",  "Index",
                                      "MemberId", "NodeId",         "BrokerId",   "ApiKey",
                                      "Key",      "ResourceName",   "EntityType", "LogDir"};

std::string hex(Bytes bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

class ValueReader {
 public:
  ValueReader(Bytes body, int16_t version, bool is_flexible)
      : from_(as_text(body)), version_(version), is_flexible_(is_flexible) {}

  void structure(Fields fields, const std::string& path, Values& into) {
    for (const Field& field : fields) {
      if (field.tag != kafka::kNoTag || !field.versions.has(version_) || from_.failed()) continue;
      value(field, path + std::string(field.name), into);
    }
    if (!is_flexible_) return;
    from_.tags([&](uint64_t tag, std::string_view content) {
      const auto known = std::ranges::find_if(fields, [&](const Field& field) {
        return field.tag != kafka::kNoTag && static_cast<uint64_t>(field.tag) == tag &&
               field.versions.has(version_);
      });
      if (known == fields.end()) {
        into[fmt::format("{}tag {}", path, tag)] = hex(as_bytes(content));
        return;
      }
      ValueReader inner(as_bytes(content), version_, is_flexible_);
      inner.value(*known, path + std::string(known->name), into);
      if (inner.from_.failed()) from_.fail();
    });
  }
  [[nodiscard]] bool failed() const { return from_.failed(); }
  [[nodiscard]] size_t rest() const { return from_.size(); }

 private:
  std::optional<size_t> length(bool is_text) {
    int64_t size = 0;
    if (is_flexible_) {
      size = static_cast<int64_t>(from_.unsigned_varint()) - 1;
    } else {
      size = is_text ? from_.integer<int16_t>() : from_.integer<int32_t>();
    }
    if (size < 0) return std::nullopt;
    if (size > static_cast<int64_t>(from_.size())) from_.fail();
    return from_.failed() ? 0 : static_cast<size_t>(size);
  }
  void value(const Field& field, const std::string& path, Values& into) {
    const FieldType& type = field.type;
    if (type.is_array) return array(type, path, into);
    if (type.kind != FieldKind::structure) {
      into[path] = scalar(type.kind);
      return;
    }
    if (field.may_be_null(version_) && from_.integer<int8_t>() < 0) {
      into[path] = "null";
      return;
    }
    structure(type.fields(), path + ".", into);
  }
  void array(const FieldType& type, const std::string& path, Values& into) {
    const auto count = length(false);
    into[path] = count ? fmt::format("{} elements", *count) : "null";
    if (!count) return;
    std::vector<std::string> plain;
    for (size_t i = 0; i < *count && !from_.failed(); ++i) {
      if (type.kind != FieldKind::structure) {
        plain.push_back(scalar(type.kind));
        continue;
      }
      Values element;
      structure(type.fields(), "", element);
      std::string before = fmt::format("{}.{}.", path, name_of(element, i));
      if (into.contains(before)) before += fmt::format("{}.", i);
      into[before] = "is there";
      for (auto& [name, text] : element) into[before + name] = std::move(text);
    }
    if (type.kind != FieldKind::structure) into[path] = fmt::format("{}", fmt::join(plain, ", "));
  }
  static std::string name_of(const Values& element, size_t index) {
    for (const std::string_view key : kKeys) {
      const auto found = element.find(std::string(key));
      if (found != element.end() && !found->second.empty()) return found->second;
    }
    return std::to_string(index);
  }
  std::string scalar(FieldKind kind) {
    switch (kind) {
      case FieldKind::boolean:
        return from_.integer<int8_t>() == 0 ? "false" : "true";
      case FieldKind::int8:
        return std::to_string(from_.integer<int8_t>());
      case FieldKind::int16:
        return std::to_string(from_.integer<int16_t>());
      case FieldKind::int32:
        return std::to_string(from_.integer<int32_t>());
      case FieldKind::int64:
        return std::to_string(from_.integer<int64_t>());
      case FieldKind::float64:
        return fmt::format("{}", std::bit_cast<double>(from_.integer<int64_t>()));
      case FieldKind::uuid:
        return from_.uuid().text();
      case FieldKind::string: {
        const auto size = length(true);
        return size ? std::string(as_text(from_.take(*size))) : "null";
      }
      default: {
        const auto size = length(false);
        return size ? hex(from_.take(*size)) : "null";
      }
    }
  }

  kafka::Reader from_;
  int16_t version_;
  bool is_flexible_;
};

}  // namespace

std::optional<Values> values_of(Bytes body, const kafka::MessageType& type, int16_t version) {
  ValueReader reader(body, version, kafka::api_of(type.key).is_flexible(version));
  Values values;
  reader.structure(type.fields, "", values);
  if (reader.failed()) return std::nullopt;
  if (reader.rest() > 0) values["rest"] = fmt::format("{} bytes", reader.rest());
  return values;
}

}  // namespace hailstorm::twin
