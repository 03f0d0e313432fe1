#include "tests/support/closed_pipe.h"

#include <fmt/format.h>

#include "tests/broker/cli/hail_fixture.h"

namespace hailstorm::cli {
namespace {

/// Every command of hail, each with more to print than nothing.
class ClosedPipeTest : public HailFixture {
 protected:
  void SetUp() override {
    ok({"topics", "create", "rides"});
    std::string lines;
    for (int i = 0; i < 2'000; ++i) lines += "ride " + std::to_string(i) + "\n";
    ok({"produce", "rides"}, lines);
    ok({"consume", "rides", "--group", "payment"});
  }
  void expect_quiet(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.begin(), testing::program_folder() / "hail");
    testing::expect_quiet_end(arguments, input);
  }
};

TEST_F(ClosedPipeTest, CommandsThatAskTheBrokerEndQuietly) {
  const std::vector<std::vector<std::string>> commands = {
      {"topics", "list"},
      {"topics", "describe", "rides"},
      {"--json", "topics", "describe", "rides"},
      {"groups", "list"},
      {"groups", "describe", "payment"},
      {"consume", "rides"},
      {"--json", "consume", "rides"},
      {"consume", "rides", "--follow"},
      {"perf", "consume", "rides", "--records", "2000"},
      {"perf", "produce", "rides", "--records", "2000"},
      {"--json", "perf", "produce", "rides", "--records", "2000"}};
  for (const auto& command : commands) expect_quiet(at_broker(command));
  expect_quiet(at_broker({"produce", "rides"}), "one more\n");
}

TEST_F(ClosedPipeTest, CommandsThatReadFilesEndQuietly) {
  const std::string data = broker_.data();
  EXPECT_EQ(broker_.stop(), 0);
  for (int partition = 0; partition < 3; ++partition) {
    const std::string log = fmt::format("{}/rides-{}/00000000000000000000.log", data, partition);
    expect_quiet({"dump", log});
    expect_quiet({"--json", "dump", log});
  }
  expect_quiet({"verify", data});
  expect_quiet({"--json", "verify", data});
}

TEST_F(ClosedPipeTest, HelpEndsQuietly) {
  expect_quiet({"--help"});
  expect_quiet({"topics", "create", "--help"});
}

}  // namespace
}  // namespace hailstorm::cli
