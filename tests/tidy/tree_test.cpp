#include "tests/tidy/tree.h"

#include <fstream>

#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"
#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

void write(const std::filesystem::path& file, std::string_view text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

/// A folder as after a build: sources, what was built, and the data of a run.
void write_some_files(const std::filesystem::path& root) {
  write(root / "common/a.h", "text\n");
  write(root / "common/binary.log", std::string("\x00\x01", 2));
  write(root / "page/vendor/lib.js", "what others wrote\n");
  write(root / "build/release/a.o", "built");
  write(root / ".hailstorm/run/log", "data");
}

TEST(TreeTest, WithoutGitAllFilesAreReadButThoseOfBuildsAndRuns) {
  const testing::TempFolder folder;
  write_some_files(folder.path());
  EXPECT_THAT(read_tree(folder.path()),
              ElementsAre(Pair("common/a.h", "text\n"), Pair("common/binary.log", ""),
                          Pair("page/vendor/lib.js", "")));
}

TEST(TreeTest, WithGitWhatIsIgnoredIsNotRead) {
  if (!std::filesystem::exists("/usr/bin/git")) GTEST_SKIP() << "there is no git (package git)";
  const testing::TempFolder folder;
  write_some_files(folder.path());
  write(folder.path() / ".gitignore", "/build/\n/.hailstorm/\n*.log\n");
  const auto made = testing::run_program({"/usr/bin/git", "init", folder.path().string()});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(read_tree(folder.path()),
              ElementsAre(Pair(".gitignore", "/build/\n/.hailstorm/\n*.log\n"),
                          Pair("common/a.h", "text\n"), Pair("page/vendor/lib.js", "")));
}

TEST(TreeTest, TheRealTreeIsNotEmpty) {
  EXPECT_TRUE(real_tree().contains("README.md"));
  EXPECT_TRUE(real_tree().contains("tests/tidy/tree_test.cpp"));
  EXPECT_GT(real_tree().size(), 500U);
}

TEST(TreeTest, FoldersExistByTheirFiles) {
  const Tree tree = {{"a/b/c.h", ""}};
  EXPECT_TRUE(exists(tree, ""));
  EXPECT_TRUE(exists(tree, "a"));
  EXPECT_TRUE(exists(tree, "a/b/c.h"));
  EXPECT_FALSE(exists(tree, "a/b/c"));
}

}  // namespace
}  // namespace hailstorm::tidy
