#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"

namespace hailstorm::lab {

/// One value of a document that people write, with the line where it stands, so that whatever is
/// wrong with it can be found.
///
/// Thread safety: a value; distinct objects may be used from distinct threads.
struct Node {
  enum class Kind { scalar, list, map };

  Kind kind = Kind::scalar;
  size_t line = 1;
  json::Value scalar;
  std::vector<std::string> names;  // of a map: the name of each child
  std::vector<Node> children;      // of a map or a list

  /// Null where this is no map, or has no child of that name.
  [[nodiscard]] const Node* find(std::string_view name) const;
  /// The same without lines.
  [[nodiscard]] json::Value value() const;
  /// "a text", "a number", "a list": for messages.
  [[nodiscard]] std::string_view kind_word() const;
};

inline constexpr size_t kMaxDocumentBytes = 64 * 1024;
inline constexpr size_t kMaxDocumentDepth = 16;  // lists and maps inside each other

/// Puts a document together from its parts, in their order, and refuses what is too deep, and a
/// name that a map has twice.
///
/// Thread safety: not safe. Errors: bad_file, with the line.
class NodeBuilder {
 public:
  [[nodiscard]] Status open(Node::Kind kind, size_t line);
  void close();
  [[nodiscard]] Status scalar(json::Value value, size_t line);
  /// The name of the map's next child.
  [[nodiscard]] Status name(std::string name, size_t line);
  /// What comes next is a name, not a value.
  [[nodiscard]] bool awaits_name() const;
  [[nodiscard]] Node take() { return std::move(root_); }

 private:
  [[nodiscard]] Node& place(Node node);

  Node root_;
  std::vector<Node*> open_;  // from the root inwards; only the last one grows
  bool has_name_ = false;
};

}  // namespace hailstorm::lab
