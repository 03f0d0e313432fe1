#include "services/lab/experiments/document/variables.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "common/base/number_text.h"
#include "services/lab/experiments/document/errors.h"

namespace hailstorm::lab {
namespace {

bool is_identifier(char one, bool is_first) {
  const auto byte = static_cast<unsigned char>(one);
  return one == '_' ||
         (byte < 128 && (std::isalpha(byte) != 0 || (!is_first && std::isdigit(byte) != 0)));
}

size_t identifier_size(std::string_view text) {
  size_t size = 0;
  while (size < text.size() && is_identifier(text[size], size == 0)) ++size;
  return size;
}

/// The name at the beginning of "${name}…"; empty: there is none.
std::string_view braced_name(std::string_view text) {
  if (!text.starts_with("${")) return {};
  const size_t size = identifier_size(text.substr(2));
  return size > 0 && text.size() > size + 2 && text[size + 2] == '}' ? text.substr(2, size)
                                                                     : std::string_view{};
}

std::string as_text(const json::Value& value) {
  return value.text() != nullptr ? *value.text() : json::to_text(value);
}

std::optional<json::Value> typed(const std::string& text, const std::string& type) {
  if (type == "int" || type == "integer") {
    const auto number = whole_number(text);
    return number ? std::optional<json::Value>(*number) : std::nullopt;
  }
  if (type == "float" || type == "number") {
    const auto number = decimal_number(text);
    return number ? std::optional<json::Value>(*number) : std::nullopt;
  }
  if (type == "bool") return json::Value(text != "false" && text != "0" && text != "no");
  return json::Value(text);
}

Result<json::Value> value_of(const Setting& setting, const Environment& environment) {
  const auto found = setting.env.empty() ? std::nullopt : environment(setting.env);
  if (found) {
    auto value = typed(*found, setting.type);
    if (value) return std::move(*value);
    return bad_field(setting.line, setting.name,
                     fmt::format("{} is no {} in the environment", setting.env, setting.type));
  }
  if (setting.value) return *setting.value;
  return bad_field(setting.line, setting.name,
                   fmt::format("{} is not set in the environment", setting.env));
}

}  // namespace

Result<Variables> Variables::of(const Experiment& experiment, const Environment& environment) {
  Variables variables;
  for (const auto* section : {&experiment.configuration, &experiment.secrets}) {
    for (const auto& setting : *section) {
      HAIL_ASSIGN_OR_RETURN(auto value, value_of(setting, environment));
      variables.values_.emplace(setting.name, std::move(value));  // the first one counts
    }
  }
  return variables;
}

Result<std::string> Variables::text(const std::string& text, size_t line,
                                    const std::string& path) const {
  std::string whole;
  for (std::string_view rest = text; !rest.empty();) {
    const auto braced = braced_name(rest);
    const auto plain = rest.substr(1, rest[0] == '$' ? identifier_size(rest.substr(1)) : 0);
    if (rest.starts_with("$$")) {
      whole += '$';
      rest.remove_prefix(2);
    } else if (!braced.empty()) {
      const auto found = values_.find(braced);
      if (found == values_.end()) {
        return bad_field(line, path,
                         fmt::format("${{{}}} is neither in configuration nor in "
                                     "secrets",
                                     braced));
      }
      whole += as_text(found->second);
      rest.remove_prefix(braced.size() + 3);
    } else if (const auto found = values_.find(plain); !plain.empty() && found != values_.end()) {
      whole += as_text(found->second);
      rest.remove_prefix(plain.size() + 1);
    } else {
      whole += rest[0];
      rest.remove_prefix(1);
    }
  }
  return whole;
}

Result<json::Value> Variables::replaced(const json::Value& value, size_t line,
                                        const std::string& path) const {
  if (const auto* words = value.text()) {
    const auto name = braced_name(*words);
    const auto found = values_.find(name);
    if (name.size() + 3 == words->size() && found != values_.end()) return found->second;
    HAIL_ASSIGN_OR_RETURN(auto whole, text(*words, line, path));
    return json::Value(std::move(whole));
  }
  if (const auto* elements = value.elements()) {
    json::Value list = json::Value::array();
    for (const auto& one : *elements) {
      HAIL_ASSIGN_OR_RETURN(auto element, replaced(one, line, path));
      list.push_back(std::move(element));
    }
    return list;
  }
  if (const auto* members = value.members()) {
    json::Value map = json::Value::object();
    for (const auto& one : *members) {
      HAIL_ASSIGN_OR_RETURN(auto member, replaced(one.value, line, path + "." + one.name));
      map.add(one.name, std::move(member));
    }
    return map;
  }
  return value;
}

}  // namespace hailstorm::lab
