#include "services/lab/experiments/document/json_path.h"

#include <cctype>
#include <fmt/format.h>

#include "common/base/number_text.h"
#include "services/lab/experiments/document/errors.h"

namespace hailstorm::lab {
namespace {

Error no_path(std::string_view text) {
  return {ExperimentErrc::bad_file,
          fmt::format("\"{}\" is not read: a path is $ with .name, [\"name\"], [3], [*] after it",
                      text)};
}

bool is_name_character(char one) {
  return std::isalnum(static_cast<unsigned char>(one)) != 0 || one == '_' || one == '-';
}

/// Takes what stands between [ and ], without them.
std::string_view take_bracket(std::string_view& rest) {
  const size_t end = rest.size() > 1 && (rest[1] == '"' || rest[1] == '\'')
                         ? rest.find(std::string{rest[1], ']'}, 2)
                         : rest.find(']');
  if (end == std::string_view::npos) return {};
  const bool is_quoted = rest[end] != ']';
  const auto inside = rest.substr(1, is_quoted ? end : end - 1);
  rest.remove_prefix(end + (is_quoted ? 2 : 1));
  return inside;
}

std::string_view take_name(std::string_view& rest) {
  size_t size = 0;
  while (size < rest.size() && is_name_character(rest[size])) ++size;
  const auto name = rest.substr(0, size);
  rest.remove_prefix(size);
  return name;
}

}  // namespace

Result<JsonPath> JsonPath::parse(std::string_view text) {
  if (!text.starts_with('$')) return no_path(text);
  JsonPath path;
  for (auto rest = text.substr(1); !rest.empty();) {
    if (rest.starts_with(".*")) {
      rest.remove_prefix(2);
      path.steps_.emplace_back(Every{});
    } else if (rest.starts_with('.')) {
      rest.remove_prefix(1);
      const auto name = take_name(rest);
      if (name.empty()) return no_path(text);
      path.steps_.emplace_back(std::string(name));
    } else if (rest.starts_with('[')) {
      const auto inside = take_bracket(rest);
      const auto index = whole_number(inside);
      if (inside == "*") {
        path.steps_.emplace_back(Every{});
      } else if (index && *index >= 0) {
        path.steps_.emplace_back(static_cast<size_t>(*index));
      } else if (inside.size() >= 3 && (inside[0] == '"' || inside[0] == '\'')) {
        path.steps_.emplace_back(std::string(inside.substr(1, inside.size() - 2)));
      } else {
        return no_path(text);
      }
    } else {
      return no_path(text);
    }
  }
  return path;
}

void JsonPath::follow(const Step& step, const json::Value& from, std::vector<json::Value>& into) {
  const auto* elements = from.elements();
  if (const auto* name = std::get_if<std::string>(&step)) {
    if (const auto* found = from.find(*name)) into.push_back(*found);
  } else if (const auto* index = std::get_if<size_t>(&step)) {
    if (elements != nullptr && *index < elements->size()) into.push_back((*elements)[*index]);
  } else if (elements != nullptr) {
    into.insert(into.end(), elements->begin(), elements->end());
  } else if (const auto* members = from.members()) {
    for (const auto& member : *members) into.push_back(member.value);
  }
}

std::vector<json::Value> JsonPath::find(const json::Value& root) const {
  std::vector<json::Value> found = {root};
  for (const auto& step : steps_) {
    std::vector<json::Value> next;
    for (const auto& one : found) follow(step, one, next);
    found = std::move(next);
  }
  return found;
}

}  // namespace hailstorm::lab
