#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <vector>

#include "services/registry/services.h"
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

  TempFolder folder_;
  std::string base_port_ = std::to_string(free_ports(registry::port_range()));
};

TEST_F(StoryCommandTest, AReportThatCannotBeWrittenIsRefusedAtTheStart) {
  expect_refused({"--report", folder_.path()}, "it is a folder");
  expect_refused({"--report", folder_.path() / "no" / "report"}, "no cannot be used");
  expect_refused({"--report", "/proc/self/report"}, "/proc/self");
}

TEST_F(StoryCommandTest, PlacesThatCannotBeReadAreRefusedAtTheStart) {
  const fs::path loop = folder_.path() / "loop";
  fs::create_symlink("loop", loop);
  const std::string no_token = folder_.path() / "no-token";
  const std::string data = folder_.path() / "data";
  expect_refused({"--programs", loop}, "loop/hail-lab cannot be started");
  expect_refused({"--programs", folder_.path()}, "hail-lab is not there");
  expect_refused({"--data", loop}, "loop");
  expect_refused({"--data", "/dev/null/data"}, "/dev/null/data");
  expect_refused({"--data", folder_.path() / std::string(300, 'n')}, "name too long");
  expect_refused({"--agents", "--data", data, "--agent-tokens", no_token},
                 no_token + "/broker/token");
  EXPECT_FALSE(fs::exists(data));
  for (const std::string& folder : {loop.string(), std::string("/dev/null"), no_token}) {
    const auto audit = run_program({program_folder() / "hail-lab", "audit", "--data", folder});
    EXPECT_EQ(audit.exit_code, 2) << folder;
    EXPECT_NE(audit.err.find(folder), std::string::npos) << audit.err;
    EXPECT_EQ(std::count(audit.err.begin(), audit.err.end(), '\n'), 1) << audit.err;
  }
}

TEST_F(StoryCommandTest, AReportGoesWhereItsLinkLeadsAndNoTemporaryFolderIsNeeded) {
  const fs::path link = folder_.path() / "link";
  fs::create_symlink("report", link);
  auto arguments = story({"--rides", "24", "--report", link});
  arguments.insert(arguments.begin(), {"/usr/bin/env", "TMPDIR=/no/such/folder"});
  const auto result = run_program(arguments);
  ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_NE(read_text(folder_.path() / "report").find("\"verdict\": \"holds\""), std::string::npos);
}

TEST_F(StoryCommandTest, OutputThatCannotBeWrittenEndsTheStoryBeforeItBegins) {
  Child child(story({}), {.in = {}, .out = "/dev/full", .err = folder_.path() / "err"});
  EXPECT_EQ(child.wait(), 2);
  EXPECT_NE(read_text(folder_.path() / "err").find("standard output"), std::string::npos);
}

/// With which the agent of that data folder started a process; 0: not yet.
pid_t pid_of(const std::string& process, const fs::path& data) {
  const std::string log = read_text(data / "lab" / "agent.log");
  const std::string mark = "\"msg\":\"a process started\",\"name\":\"" + process + "\",\"pid\":";
  const size_t found = log.find(mark);
  return found == std::string::npos ? 0 : std::stoi(log.substr(found + mark.size()));
}

TEST_F(StoryCommandTest, AFaultThatSomebodyUndoesIsNotProvenAndBreaksTheVerdict) {
  const fs::path data = folder_.path() / "data";
  Child child(story({"--rides", "24", "--data", data}), {.in = {}, .out = folder_.path() / "out"});
  ASSERT_TRUE(await([&] { return pid_of("payment", data) != 0; }));
  const pid_t payment = pid_of("payment", data);
  EXPECT_TRUE(await([&] {
    ::kill(payment, SIGCONT);
    return out().find("Verdict") != std::string::npos;
  }));
  EXPECT_EQ(child.wait(), 1) << out();
  EXPECT_NE(out().find("  freeze of payment was not proven (/proc/"), std::string::npos) << out();
  EXPECT_NE(out().find("Verdict: BROKEN."), std::string::npos) << out();
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
