#include "services/lab/experiments/document/field_reader.h"

#include <algorithm>
#include <fmt/format.h>

#include "services/lab/experiments/document/errors.h"

namespace hailstorm::lab {

FieldReader::FieldReader(const Node& node, std::string path) : node_(node), path_(std::move(path)) {
  if (node.kind == Node::Kind::map) return;
  problem_ = bad_field(node.line, path_, fmt::format("is {}, not a map", node.kind_word()));
}

std::string FieldReader::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

void FieldReader::note(const Node& node, std::string_view name, std::string_view why) {
  if (!problem_) problem_ = bad_field(node.line, path_of(name), why);
}

void FieldReader::fail(const Error& problem) {
  if (!problem_) problem_ = problem;
}

const Node* FieldReader::take(std::string_view name, bool is_required) {
  known_.emplace(name);
  if (!ok()) return nullptr;
  const Node* found = node_.find(name);
  if (found == nullptr && is_required) note(node_, name, "is missing");
  return found;
}

const Node* FieldReader::take(std::string_view name, bool is_required, Node::Kind kind) {
  const Node* found = take(name, is_required);
  if (found == nullptr || found->kind == kind) return found;
  note(
      *found, name,
      fmt::format("is {}, not a {}", found->kind_word(), kind == Node::Kind::map ? "map" : "list"));
  return nullptr;
}

const Node* FieldReader::map(std::string_view name, bool is_required) {
  return take(name, is_required, Node::Kind::map);
}
const Node* FieldReader::list(std::string_view name, bool is_required) {
  return take(name, is_required, Node::Kind::list);
}
const Node* FieldReader::any(std::string_view name, bool is_required) {
  return take(name, is_required);
}

FieldReader& FieldReader::required(std::string_view name, std::string& into) {
  const Node* found = take(name, true);
  if (found == nullptr) return *this;
  const auto* text = found->scalar.text();
  if (text == nullptr) {
    note(*found, name, fmt::format("is {}, not a text", found->kind_word()));
  } else if (text->empty()) {
    note(*found, name, "is empty");
  } else {
    into = *text;
  }
  return *this;
}

FieldReader& FieldReader::optional(std::string_view name, std::string& into) {
  if (node_.find(name) != nullptr) return required(name, into);
  known_.emplace(name);
  return *this;
}

FieldReader& FieldReader::optional(std::string_view name, bool& into) {
  const Node* found = take(name, false);
  if (found == nullptr) return *this;
  const auto flag = found->scalar.boolean();
  if (!flag) note(*found, name, fmt::format("is {}, not true or false", found->kind_word()));
  into = flag.value_or(into);
  return *this;
}

FieldReader& FieldReader::optional(std::string_view name, double& into, double least, double most) {
  const Node* found = take(name, false);
  if (found == nullptr) return *this;
  const auto number = found->scalar.number();
  if (!number) {
    note(*found, name, fmt::format("is {}, not a number", found->kind_word()));
  } else if (!(*number >= least && *number <= most)) {
    note(*found, name, fmt::format("is {}: give {} to {}", *number, least, most));
  } else {
    into = *number;
  }
  return *this;
}

FieldReader& FieldReader::optional(std::string_view name, std::vector<std::string>& into) {
  const Node* found = list(name);
  if (found == nullptr) return *this;
  std::vector<std::string> texts;
  for (const auto& one : found->children) {
    if (one.scalar.text() == nullptr || one.scalar.text()->empty()) {
      note(one, name, fmt::format("has {} in it; it is a list of texts", one.kind_word()));
      return *this;
    }
    texts.push_back(*one.scalar.text());
  }
  into = std::move(texts);
  return *this;
}

FieldReader& FieldReader::word(std::string_view name, std::string& into,
                               const std::vector<std::string>& words) {
  std::string found = into;
  optional(name, found);
  if (!ok() || node_.find(name) == nullptr) return *this;
  if (std::find(words.begin(), words.end(), found) == words.end()) {
    std::string all;
    for (const auto& one : words) all += (all.empty() ? "" : ", ") + one;
    note(*node_.find(name), name, fmt::format("is \"{}\": give one of {}", found, all));
    return *this;
  }
  into = found;
  return *this;
}

FieldReader& FieldReader::refuse(std::string_view name, std::string_view why) {
  if (const Node* found = take(name, false)) note(*found, name, why);
  return *this;
}

Status FieldReader::status() const {
  if (problem_) return *problem_;
  for (size_t i = 0; i < node_.names.size(); ++i) {
    if (known_.contains(node_.names[i])) continue;
    std::string all;
    for (const auto& one : known_) all += (all.empty() ? "" : ", ") + one;
    return bad_field(node_.children[i].line, path_of(node_.names[i]),
                     "is not known here; known are " + all);
  }
  return {};
}

}  // namespace hailstorm::lab
