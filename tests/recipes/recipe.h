#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "tests/support/markdown_blocks.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {

enum class RecipeErrc { not_understood, not_built };
[[nodiscard]] std::string_view name_of(RecipeErrc code);

/// A copy of the product's sources to which a recipe of the documentation is applied. The first
/// line of each code block says, as a comment, what becomes of the others:
///
///     // FILE                     they are the whole of a new file
///     // FILE, above: TEXT        they stand above the first line that holds TEXT
///     # FILE, at the end          they stand at the end
///
/// Other blocks, such as commands for a shell, are left alone.
///
/// Thread safety: not safe.
class Recipe {
 public:
  /// Copies the sources of the tree that this test was built from.
  Recipe();

  /// Error not_understood: names the block.
  [[nodiscard]] Status apply(const std::vector<CodeBlock>& blocks);

  /// Builds `targets` of the copy. What does not depend on a changed file is taken from this test's
  /// own build. Error not_built: with the end of the output.
  [[nodiscard]] Status build(const std::vector<std::string>& targets);

  /// Where build() puts programs.
  [[nodiscard]] std::filesystem::path programs() const { return build_folder() / "bin"; }
  /// Relative to the tree's top folder.
  [[nodiscard]] const std::vector<std::string>& changed_files() const { return changed_; }

 private:
  [[nodiscard]] std::filesystem::path source_folder() const { return folder_.path() / "tree"; }
  [[nodiscard]] std::filesystem::path build_folder() const { return folder_.path() / "build"; }
  [[nodiscard]] Status apply(const CodeBlock& block);
  [[nodiscard]] Status configure() const;
  void list_objects_to_compile() const;

  TempFolder folder_;
  std::vector<std::string> changed_;
};

}  // namespace hailstorm::testing
