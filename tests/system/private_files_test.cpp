#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <vector>

#include "services/registry/services.h"
#include "tests/support/broker_process.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {
namespace {

namespace fs = std::filesystem;

mode_t rights_of(const fs::path& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 ? found.st_mode & 07777 : 0;
}

/// The platform's programs, started with a umask of the user's choice.
class PrivateFilesTest : public ::testing::TestWithParam<mode_t> {
 protected:
  PrivateFilesTest() : before_(::umask(GetParam())) {}
  ~PrivateFilesTest() override { ::umask(before_); }

  TempFolder folder_;

 private:
  mode_t before_;
};

// A data folder has every rider's places, every payment, the logs and the agent's token.
TEST_P(PrivateFilesTest, NoOtherUserCanReadWhatAPlatformKeeps) {
  const fs::path home = folder_.path() / "home";
  const fs::path report = folder_.path() / "report.json";
  const auto story = run_program({program_folder() / "hail-lab", "story", "--home", home, "--rides",
                                  "60", "--rate", "300", "--report", report, "--base-port",
                                  std::to_string(free_ports(registry::port_range()))});
  ASSERT_EQ(story.exit_code, 0) << story.out << story.err;
  size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(home)) {
    EXPECT_EQ(rights_of(entry.path()), entry.is_directory() ? 0700U : 0600U) << entry.path();
    ++files;
  }
  EXPECT_GT(files, 50U);
  EXPECT_EQ(rights_of(home), 0700U);
  // The report is the user's own file.
  EXPECT_EQ(rights_of(report), 0666U & ~GetParam());
}

INSTANTIATE_TEST_SUITE_P(Umasks, PrivateFilesTest, ::testing::Values(0000, 0022, 0077));

}  // namespace
}  // namespace hailstorm::testing
