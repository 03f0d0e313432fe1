#include "services/lab/serve/value.h"

#include <charconv>
#include <fmt/format.h>
#include <string>

#include "services/lab/api/errors.h"

namespace hailstorm::lab {
namespace {

std::string names_in(const json::Value& value) {
  std::string names;
  if (value.members() == nullptr) return "nothing";
  for (const auto& member : *value.members()) {
    names += (names.empty() ? "" : ", ") + member.name;
  }
  return names.empty() ? "nothing" : names;
}

const json::Value* element_of(const json::Value& value, std::string_view name) {
  size_t index = 0;
  const auto* elements = value.elements();
  const auto [end, wrong] = std::from_chars(name.data(), name.data() + name.size(), index);
  const bool is_index = wrong == std::errc{} && end == name.data() + name.size();
  return elements != nullptr && is_index && index < elements->size() ? &(*elements)[index]
                                                                     : nullptr;
}

}  // namespace

Result<json::Value> number_at(const json::Value& document, std::string_view path) {
  const json::Value* at = &document;
  std::string_view rest = path;
  while (!rest.empty()) {
    const auto name = rest.substr(0, rest.find('.'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    const json::Value* next = at->elements() != nullptr ? element_of(*at, name) : at->find(name);
    if (next == nullptr) {
      return Error(ApiErrc::not_found,
                   fmt::format("{}: there is no \"{}\", but {}", path, name, names_in(*at)));
    }
    at = next;
  }
  if (at->number()) return *at;
  if (at->boolean()) return json::Value(*at->boolean() ? 1 : 0);
  if (at->elements() != nullptr) return json::Value(at->elements()->size());
  return Error(ApiErrc::bad_request, fmt::format("{} is no number", path));
}

}  // namespace hailstorm::lab
