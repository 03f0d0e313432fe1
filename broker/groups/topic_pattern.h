#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "broker/groups/topic_catalog.h"
#include "common/base/enum_name.h"
#include "common/base/result.h"

namespace re2 {
class RE2;
}

namespace hailstorm::groups {

enum class PatternErrc { not_a_pattern = 1 };
[[nodiscard]] inline std::string_view name_of(PatternErrc code) { return enum_name(code); }

/// A regular expression in RE2's syntax that topics' names match as a whole. Its memory, and the
/// time for a name, are bounded whatever it says.
///
/// Thread safety: immutable; safe from any thread.
class TopicPattern {
 public:
  /// Error not_a_pattern: what is wrong with it, or it has more than 1000 bytes.
  [[nodiscard]] static Result<TopicPattern> make(const std::string& text);
  TopicPattern(TopicPattern&&) noexcept;
  TopicPattern& operator=(TopicPattern&&) noexcept;
  ~TopicPattern();

  [[nodiscard]] std::vector<std::string> matching(const TopicCatalog& catalog) const;

 private:
  explicit TopicPattern(std::unique_ptr<re2::RE2> expression);

  std::unique_ptr<re2::RE2> expression_;
};

/// These names and the topics that match the pattern, sorted, each once. An empty pattern, or one
/// that is none, matches nothing.
[[nodiscard]] std::vector<std::string> subscription_of(std::vector<std::string> names,
                                                       const std::string& pattern,
                                                       const TopicCatalog& catalog);

}  // namespace hailstorm::groups
