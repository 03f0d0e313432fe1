#include <fmt/format.h>

#include "services/lab/experiments/document/errors.h"
#include "services/lab/experiments/document/field_reader.h"
#include "services/lab/experiments/document/parse_parts.h"

namespace hailstorm::lab {
namespace {

/// {type: env, key: HAIL_LAB, default: …, env_var_type: int}
Result<Setting> env_setting(const Node& node, const std::string& path) {
  Setting setting;
  FieldReader fields(node, path);
  std::string type;
  fields.required("type", type);
  if (fields.ok() && type != "env") {
    fields.note(*node.find("type"), "type",
                fmt::format("is \"{}\": only env is read here, and values written out", type));
  }
  fields.required("key", setting.env)
      .word("env_var_type", setting.type,
            {"str", "string", "int", "integer", "float", "number", "bool"});
  if (const Node* value = fields.any("default")) setting.value = value->value();
  HAIL_RETURN_IF_ERROR(fields.status());
  return setting;
}

}  // namespace

Result<std::vector<Setting>> settings_of(const Node& section, const std::string& path) {
  if (section.kind != Node::Kind::map) {
    return bad_field(section.line, path, fmt::format("is {}, not a map", section.kind_word()));
  }
  std::vector<Setting> settings;
  for (size_t i = 0; i < section.names.size(); ++i) {
    const Node& node = section.children[i];
    Setting setting;
    if (node.find("type") != nullptr) {
      HAIL_ASSIGN_OR_RETURN(setting, env_setting(node, path + "." + section.names[i]));
    } else {
      setting.value = node.value();
    }
    setting.name = section.names[i];
    setting.line = node.line;
    settings.push_back(std::move(setting));
  }
  return settings;
}

}  // namespace hailstorm::lab
