#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <vector>

#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/child.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {
namespace {

namespace fs = std::filesystem;

/// The real `hail-lab story`, at its start and its end.
class StoryCommandTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> story(const std::vector<std::string>& more) const {
    std::vector<std::string> all = {program_folder() / "hail-lab", "story",       "--home",
                                    folder_.path() / "home",       "--base-port", base_port_};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  /// It ends at once, with one line that holds `words`, and has made nothing.
  void expect_refused(const std::vector<std::string>& more, const std::string& words) const {
    const auto result = run_program(story(more));
    EXPECT_EQ(result.exit_code, 2) << result.out;
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_FALSE(fs::exists(folder_.path() / "home"));
  }
  [[nodiscard]] std::string out() const { return read_text(folder_.path() / "out"); }

  /// The first of eight ports that nothing listens on now.
  static int eight_free_ports() {
    for (;;) {
      const int first = free_port();
      bool are_free = true;
      for (int port = first; port < first + 8; ++port) are_free = are_free && is_free_port(port);
      if (are_free) return first;
    }
  }

  TempFolder folder_;
  std::string base_port_ = std::to_string(eight_free_ports());
};

TEST_F(StoryCommandTest, AReportThatCannotBeWrittenIsRefusedAtTheStart) {
  expect_refused({"--report", folder_.path()}, "it is a folder");
  expect_refused({"--report", folder_.path() / "no" / "report"}, "no cannot be used");
  expect_refused({"--report", "/proc/self/report"}, "/proc/self");
}

TEST_F(StoryCommandTest, ReportsGoToWhatIsNoRegularFile) {
  const fs::path link = folder_.path() / "link";
  fs::create_symlink("report", link);
  const auto result = run_program(story({"--rides", "24", "--report", link}));
  ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_NE(read_text(folder_.path() / "report").find("\"verdict\": \"holds\""), std::string::npos);
}

TEST_F(StoryCommandTest, OutputThatCannotBeWrittenEndsTheStoryBeforeItBegins) {
  Child child(story({}), {.in = {}, .out = "/dev/full", .err = folder_.path() / "err"});
  EXPECT_EQ(child.wait(), 2);
  EXPECT_NE(read_text(folder_.path() / "err").find("standard output"), std::string::npos);
}

class StopTest : public StoryCommandTest {
 protected:
  Child riding() {
    Child child(story({}), {.in = {}, .out = folder_.path() / "out"});
    EXPECT_TRUE(await([&] { return out().find("Act 1") != std::string::npos; }));
    return child;
  }
};

TEST_F(StopTest, SigtermEndsTheStoryWith143) {
  Child child = riding();
  child.terminate();
  EXPECT_EQ(child.wait(), 128 + 15);
  EXPECT_NE(out().find("Stopped before the end"), std::string::npos);
}

TEST_F(StopTest, CtrlCEndsTheStoryWith130) {
  Child child = riding();
  child.interrupt();
  EXPECT_EQ(child.wait(), 128 + 2);
}

}  // namespace
}  // namespace hailstorm::testing
