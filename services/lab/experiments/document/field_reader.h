#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "services/lab/experiments/document/node.h"

namespace hailstorm::lab {

/// Reads the fields of one map into variables up to the first that cannot be read, and notes which
/// that is and why. Its variable and all after it stay as they were. A field that nobody asked for
/// is refused by status().
///
/// Thread safety: not safe. REQUIRES: the node remains live.
class FieldReader {
 public:
  /// `path` is where the map stands: "method[0].provider"; empty: it is the document.
  FieldReader(const Node& node, std::string path);

  /// A text of the field that must be there, and not be empty.
  FieldReader& required(std::string_view name, std::string& into);
  FieldReader& optional(std::string_view name, std::string& into);
  FieldReader& optional(std::string_view name, bool& into);
  /// A number from `least` to `most`.
  FieldReader& optional(std::string_view name, double& into, double least, double most);
  FieldReader& optional(std::string_view name, std::vector<std::string>& into);
  /// One of `words`, where it is there.
  FieldReader& word(std::string_view name, std::string& into,
                    const std::vector<std::string>& words);
  /// A field of some kind: null where it is not there. A required one that is not there is noted.
  const Node* map(std::string_view name, bool is_required = false);
  const Node* list(std::string_view name, bool is_required = false);
  /// A field that may be anything.
  const Node* any(std::string_view name, bool is_required = false);
  /// A field that other programs know and this one does not run.
  FieldReader& refuse(std::string_view name, std::string_view why);

  /// "method[0].provider.url"
  [[nodiscard]] std::string path_of(std::string_view name) const;
  void note(const Node& node, std::string_view name, std::string_view why);
  /// Notes the problem of a part that another reader found.
  void fail(const Error& problem);
  [[nodiscard]] bool ok() const { return !problem_; }
  /// Errors: bad_file, of the first problem.
  [[nodiscard]] Status status() const;

 private:
  const Node* take(std::string_view name, bool is_required);
  const Node* take(std::string_view name, bool is_required, Node::Kind kind);

  const Node& node_;
  const std::string path_;
  std::set<std::string, std::less<>> known_;
  std::optional<Error> problem_;
};

}  // namespace hailstorm::lab
