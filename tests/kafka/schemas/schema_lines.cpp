#include "tests/kafka/schemas/schema_lines.h"

#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>

namespace hailstorm::testing {
namespace {

using nlohmann::json;

bool is_primitive(const std::string& type) {
  return type == "bool" || type.starts_with("int") || type == "float64" || type == "uuid" ||
         type == "string" || type == "bytes" || type == "records";
}

/// As lines_of_table() writes it. Kafka's files have numbers as text, some in hexadecimal.
std::string default_text(const json& field, const std::string& type, bool is_array) {
  const json value = field.value("default", json());
  std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  const bool is_given = field.contains("default");
  if (type == "records" && !is_array) return "";
  if (is_given && text == "null") return "null";
  if (is_array) return "[]";
  if (type == "bool") return is_given ? text : "false";
  if (type == "string") return "'" + (is_given ? text : "") + "'";
  if (type == "bytes") return "''";
  if (type == "uuid") return Uuid().text();
  if (!is_primitive(type)) return "{}";
  return is_given ? std::to_string(std::stoll(text, nullptr, 0)) : "0";
}

const json& structure_of(const json& message, const json& field, const std::string& type) {
  if (field.contains("fields")) return field.at("fields");
  for (const json& common : message.at("commonStructs")) {
    if (common.at("name") == type) return common.at("fields");
  }
  throw std::runtime_error("no structure " + type);
}

void add_lines(const json& message, const json& fields, int16_t version, const std::string& before,
               std::vector<std::string>& lines) {
  for (const json& field : fields) {
    if (!is_in(field.at("versions"), version)) continue;
    const auto name = field.at("name").get<std::string>();
    auto type = field.at("type").get<std::string>();
    const bool is_array = type.starts_with("[]");
    if (is_array) type.erase(0, 2);
    const bool is_tagged = is_in(field.value("taggedVersions", "none"), version);
    lines.push_back(
        fmt::format("{}{} {}{}{}{} = {}", before, name, is_array ? "[]" : "",
                    is_primitive(type) ? type : "structure",
                    is_in(field.value("nullableVersions", "none"), version) ? " nullable" : "",
                    is_tagged ? fmt::format(" tag {}", field.at("tag").get<int>()) : "",
                    default_text(field, type, is_array)));
    if (is_primitive(type)) continue;
    add_lines(message, structure_of(message, field, type), version, before + name + ".", lines);
  }
}

}  // namespace

std::vector<std::string> lines_of_schema(const json& message, int16_t version) {
  std::vector<std::string> lines;
  add_lines(message, message.at("fields"), version, "", lines);
  return lines;
}

json read_schema(const std::filesystem::path& file) {
  std::ifstream in(file);
  return json::parse(in, nullptr, true, true);
}

bool is_in(const std::string& versions, int16_t version) {
  if (versions == "none") return false;
  size_t digits = 0;
  const int first = std::stoi(versions, &digits);
  if (version < first) return false;
  if (digits == versions.size()) return version == first;
  return versions[digits] == '+' || version <= std::stoi(versions.substr(digits + 1));
}

}  // namespace hailstorm::testing
