#include "services/lab/experiments/document/node.h"

#include <algorithm>
#include <fmt/format.h>

#include "services/lab/experiments/document/errors.h"

namespace hailstorm::lab {

const Node* Node::find(std::string_view name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return nullptr;
  return &children[static_cast<size_t>(found - names.begin())];
}

json::Value Node::value() const {
  if (kind == Kind::scalar) return scalar;
  json::Value whole = kind == Kind::map ? json::Value::object() : json::Value::array();
  for (size_t i = 0; i < children.size(); ++i) {
    if (kind == Kind::map) {
      whole.add(names[i], children[i].value());
    } else {
      whole.push_back(children[i].value());
    }
  }
  return whole;
}

std::string_view Node::kind_word() const {
  if (kind == Kind::map) return "a map";
  if (kind == Kind::list) return "a list";
  if (scalar.text() != nullptr) return "a text";
  if (scalar.boolean()) return "true or false";
  return scalar.number() ? "a number" : "nothing";
}

Node& NodeBuilder::place(Node node) {
  if (open_.empty()) return root_ = std::move(node);
  has_name_ = false;
  auto& children = open_.back()->children;
  children.push_back(std::move(node));
  return children.back();
}

Status NodeBuilder::open(Node::Kind kind, size_t line) {
  if (open_.size() == kMaxDocumentDepth) {
    return bad_field(line, "", fmt::format("nested more than {} deep", kMaxDocumentDepth));
  }
  Node node;
  node.kind = kind;
  node.line = line;
  open_.push_back(&place(std::move(node)));
  return {};
}

void NodeBuilder::close() {
  open_.pop_back();
  has_name_ = false;
}

Status NodeBuilder::scalar(json::Value value, size_t line) {
  Node node;
  node.line = line;
  node.scalar = std::move(value);
  (void)place(std::move(node));
  return {};
}

Status NodeBuilder::name(std::string name, size_t line) {
  if (open_.back()->find(name) != nullptr) return bad_field(line, name, "is there twice");
  open_.back()->names.push_back(std::move(name));
  has_name_ = true;
  return {};
}

bool NodeBuilder::awaits_name() const {
  return !open_.empty() && open_.back()->kind == Node::Kind::map && !has_name_;
}

}  // namespace hailstorm::lab
