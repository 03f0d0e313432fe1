#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kTable =
    "## Dependencies\n\n| package | why |\n|---|---|\n| libzmq3-dev, cppzmq-dev | the log |\n"
    "\n## Links\n\n| other | table |\n";

TEST(PackagesTest, ReadmeSaysOfEachPackageWhyItIsThere) {
  const auto complaints = check_packages(real_tree());
  EXPECT_TRUE(complaints.empty()) << text_of(complaints);
}

TEST(PackagesTest, ATableOfWhatIsInstalledPasses) {
  EXPECT_THAT(check_packages({{"README.md", kTable},
                              {".ci/packages", "# head\ncppzmq-dev\n"},
                              {".ci/test-packages", "libzmq3-dev\n"}}),
              IsEmpty());
}

TEST(PackagesTest, APackageThatTheTableDoesNotNameIsRefused) {
  EXPECT_THAT(
      check_packages({{"README.md", kTable}, {".ci/packages", "cmake\ncppzmq-dev\nlibzmq3-dev\n"}}),
      ElementsAre(".ci/packages:1: README's table does not say why cmake is needed: add it"));
}

TEST(PackagesTest, APackageThatIsNotInstalledIsRefused) {
  EXPECT_THAT(check_packages({{"README.md", kTable}, {".ci/packages", "cppzmq-dev\n"}}),
              ElementsAre("README.md:5: libzmq3-dev is in no list of packages: remove it or add "
                          "it"));
}

}  // namespace
}  // namespace hailstorm::tidy
