#include "services/lab/agent/start_request.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "services/lab/agent/log_file.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class StartRequestTest : public ::testing::Test {
 protected:
  StartRequestTest() {
    for (const auto& folder : {bounds_.programs, bounds_.logs, folder_.path() / "other"}) {
      fs::create_directories(folder);
    }
    for (const char* name : {"hail-sleep", "hail-lab", "hail", "python"}) make_program(name);
  }
  void make_program(const std::string& name) const {
    std::ofstream(bounds_.programs / name) << "#!/bin/sh\nexec sleep 1000\n";
    fs::permissions(bounds_.programs / name, fs::perms::owner_all);
  }
  [[nodiscard]] std::string program(const std::string& name) const {
    return (bounds_.programs / name).string();
  }
  [[nodiscard]] Result<StartRequest> parse(const nlohmann::json& body) const {
    return parse_start(body.dump(), bounds_);
  }
  void expect_no_program(const std::string& named) const {
    EXPECT_FAILS_WITH(parse({{"argv", {named, "-c", "id"}}}), AgentErrc::cannot_start);
  }

  const testing::TempFolder folder_;
  AgentBounds bounds_{folder_.path() / "bin", folder_.path() / "logs"};
};

TEST_F(StartRequestTest, ProgramsOfTheProductsFolderMayBeStarted) {
  const auto parsed = parse({{"argv", {program("hail-sleep"), "x"}}, {"restart", "always"}});
  ASSERT_OK(parsed);
  EXPECT_EQ(parsed->spawn.argv, (std::vector<std::string>{program("hail-sleep"), "x"}));
  EXPECT_EQ(parsed->restart, RestartPolicy::always);
  EXPECT_OK(parse({{"argv", {program("hail")}}}));
  EXPECT_OK(parse({{"argv", {program("../bin/hail-sleep")}}}));
}

TEST_F(StartRequestTest, NoOtherProgramMayBe) {
  fs::create_symlink("/bin/sh", bounds_.programs / "hail-shell");
  fs::create_directories(bounds_.programs / "hail-folder");
  fs::copy("/bin/true", bounds_.programs / "hail-folder" / "hail-true");
  fs::copy("/bin/true", folder_.path() / "other" / "hail-true");
  for (const std::string& named :
       {std::string("/bin/sh"), std::string("sh"), std::string(), program("hail-shell"),
        program("python"), program("hail-folder/hail-true"), program("../other/hail-true"),
        program("hail-not-there"), program("../../../../../../bin/sh"),
        std::string("/proc/self/exe")}) {
    expect_no_program(named);
  }
}

// It would start whatever it is asked to, the story with --programs and the agent with --hold.
TEST_F(StartRequestTest, TheLabItselfMayNotBe) {
  expect_no_program(program("hail-lab"));
  fs::create_symlink("hail-lab", bounds_.programs / "hail-other");
  expect_no_program(program("hail-other"));
}

TEST_F(StartRequestTest, ArgumentsEndWhereTheySeemTo) {
  const std::string nul("a\0b", 3);
  EXPECT_FAILS_WITH(parse({{"argv", {program("hail-sleep"), nul}}}), AgentErrc::cannot_start);
  EXPECT_FAILS_WITH(parse({{"argv", {program("hail-sleep") + nul}}}), AgentErrc::cannot_start);
}

TEST_F(StartRequestTest, AMemberThatIsNotLookedAtIsRefused) {
  for (const char* member : {"env", "environment", "cwd", "Argv", "uid"}) {
    nlohmann::json body = {{"argv", {program("hail-sleep")}}};
    body[member] = {{"LD_PRELOAD", "/tmp/evil.so"}};
    EXPECT_FAILS_WITH(parse(body), AgentErrc::cannot_start);
  }
  for (const char* body : {"", "[]", "{}", "7", R"({"argv":[]})", R"({"argv":"/bin/sh"})"}) {
    EXPECT_FAILS_WITH(parse_start(body, bounds_), AgentErrc::cannot_start);
  }
}

TEST_F(StartRequestTest, WithoutAFolderThereAreNoLogs) {
  bounds_.logs.clear();
  const nlohmann::json body = {{"argv", {program("hail-sleep")}}, {"log", "/tmp/log"}};
  const auto refused = parse(body);
  EXPECT_FAILS_WITH(refused, AgentErrc::cannot_start);
  EXPECT_THAT(refused.error().message(), HasSubstr("--logs"));
}

class LogFileTest : public ::testing::Test {
 protected:
  LogFileTest() {
    fs::create_directories(logs_ / "sub");
    fs::create_directories(folder_.path() / "other");
    std::ofstream(secret()) << "secret";
  }
  [[nodiscard]] std::string secret() const { return folder_.path() / "other" / "secret"; }
  [[nodiscard]] Result<int> open(const std::string& file) const {
    const auto opened = open_log(logs_, file);
    if (opened.ok()) ::close(*opened);
    return opened;
  }

  const testing::TempFolder folder_;
  const fs::path logs_ = folder_.path() / "logs";
};

TEST_F(LogFileTest, IsBelowItsFolderAndItsOwnersAlone) {
  for (const std::string& file : {(logs_ / "a.log").string(), std::string("b.log"),
                                  std::string("sub/c.log"), (logs_ / "sub" / "d.log").string()}) {
    EXPECT_OK(open(file));
    EXPECT_OK(open(file));
    struct stat info {};
    ASSERT_EQ(::stat((logs_ / file).c_str(), &info), 0) << file;
    EXPECT_EQ(info.st_mode & 0777, 0600U) << file;
  }
}

TEST_F(LogFileTest, NothingLeadsOutOfItsFolder) {
  fs::create_symlink(secret(), logs_ / "link");
  fs::create_symlink(folder_.path() / "new", logs_ / "dangling");
  fs::create_directory_symlink(folder_.path() / "other", logs_ / "folder");
  ASSERT_EQ(::mkfifo((logs_ / "fifo").c_str(), 0600), 0);
  for (const std::string& file :
       {secret(), std::string("../other/secret"), (logs_ / "../other/secret").string(),
        std::string("link"), std::string("dangling"), std::string("folder/secret"),
        std::string("folder/new"), std::string("sub/../../other/secret"), std::string("sub"),
        std::string("sub/"), std::string("."), std::string(".."), std::string("/dev/null"),
        std::string("fifo"), std::string("no/such"), logs_.string(), logs_.string() + "-2",
        std::string("a\0b", 3)}) {
    EXPECT_FAILS_WITH(open(file), AgentErrc::cannot_start);
  }
  EXPECT_EQ(fs::file_size(secret()), 6U);
  EXPECT_FALSE(fs::exists(folder_.path() / "new"));
  EXPECT_FALSE(fs::exists(folder_.path() / "other" / "new"));
}

}  // namespace
}  // namespace hailstorm::lab
