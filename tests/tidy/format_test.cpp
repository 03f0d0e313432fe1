#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>

#include "tests/support/temp_folder.h"
#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr auto kProgram = "clang-format-14";  // Debian 12's; other versions format differently

std::optional<std::filesystem::path> find_program() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const auto program = std::filesystem::path(folder) / kProgram;
    if (std::filesystem::exists(program)) return program;
  }
  return std::nullopt;
}

class FormatTest : public ::testing::Test {
 protected:
  void SetUp() override {
    program_ = find_program();
    if (!program_) GTEST_SKIP() << "there is no " << kProgram << " (package " << kProgram << ")";
  }

  /// What the rule says of one file that holds this.
  Complaints check_file(std::string_view text) {
    const testing::TempFolder folder;
    std::ofstream(folder.path() / ".clang-format") << real_tree().at(".clang-format");
    std::ofstream(folder.path() / "a.h") << text;
    return check_format(read_tree(folder.path()), folder.path(), *program_);
  }

  std::optional<std::filesystem::path> program_;
};

TEST_F(FormatTest, TheTreeIsAsClangFormatWritesIt) {
  const auto complaints = check_format(real_tree(), HAILSTORM_SOURCE_DIR, *program_);
  EXPECT_TRUE(complaints.empty()) << text_of(complaints);
}

TEST_F(FormatTest, AFileInTheStyleOfTheHousePasses) {
  EXPECT_THAT(check_file("int f(int a);\n"), IsEmpty());
}

TEST_F(FormatTest, AnotherStyleIsRefused) {
  EXPECT_THAT(check_file("int a;\nint f( int b );\n"),
              ElementsAre(StartsWith("a.h:2: not as clang-format writes it"),
                          StartsWith("a.h:2: not as clang-format writes it")));
}

}  // namespace
}  // namespace hailstorm::tidy
