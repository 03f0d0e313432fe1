#include "common/base/options.h"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <vector>

namespace hailstorm {
namespace {

class OptionsTest : public ::testing::Test {
 protected:
  OptionsTest() {
    options_.add("data", data_, "Where the data lies.");
    options_.add("http-port", port_, "The HTTP port.");
    options_.add_flag("keep", keep_, "Stay up.");
  }
  void TearDown() override {
    ::unsetenv("HAIL_HTTP_PORT");
    ::unsetenv("HAIL_HTPP_PORT");
  }

  std::optional<int> parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "hail-test");
    ::testing::internal::CaptureStderr();
    ::testing::internal::CaptureStdout();
    auto code = options_.parse(static_cast<int>(arguments.size()), arguments.data());
    errors_ = ::testing::internal::GetCapturedStderr();
    output_ = ::testing::internal::GetCapturedStdout();
    return code;
  }

  std::string data_ = "here";
  int64_t port_ = 7400;
  bool keep_ = false;
  Options options_{"hail-test", "Tests options."};
  std::string errors_;
  std::string output_;
};

TEST_F(OptionsTest, DefaultsStayWhereNothingIsSaid) {
  EXPECT_EQ(parse({}), std::nullopt);
  EXPECT_EQ(data_, "here");
  EXPECT_EQ(port_, 7400);
}

TEST_F(OptionsTest, TheFlagWinsOverTheVariable) {
  ::setenv("HAIL_HTTP_PORT", "1", 1);
  EXPECT_EQ(parse({}), std::nullopt);
  EXPECT_EQ(port_, 1);
  EXPECT_EQ(parse({"--http-port", "2", "--keep"}), std::nullopt);
  EXPECT_EQ(port_, 2);
  EXPECT_TRUE(keep_);
}

TEST_F(OptionsTest, BadUsageIsOneLineAndExitCodeTwo) {
  for (const auto& bad : std::vector<std::vector<const char*>>{
           {"--nonsense"}, {"--http-port", "x"}, {"--http-port"}, {"stray"}}) {
    EXPECT_EQ(parse(bad), 2);
    EXPECT_EQ(std::count(errors_.begin(), errors_.end(), '\n'), 1) << errors_;
    EXPECT_TRUE(errors_.starts_with("hail-test: ")) << errors_;
  }
}

TEST_F(OptionsTest, AMistypedVariableIsNotSilentlyIgnored) {
  ::setenv("HAIL_HTPP_PORT", "1", 1);
  EXPECT_EQ(parse({}), 2);
  EXPECT_NE(errors_.find("HAIL_HTPP_PORT"), std::string::npos) << errors_;
}

TEST_F(OptionsTest, HelpIsSuccess) {
  EXPECT_EQ(parse({"--help"}), 0);
  EXPECT_NE(output_.find("--http-port"), std::string::npos);
}

TEST(OptionsCommandTest, WhatIsUnknownIsNamedBeforeWhatIsMissing) {
  const auto complaint_about = [](std::vector<const char*> arguments) {
    Options options("hail-test", "Tests commands.");
    std::string data, name;
    options.add_required("data", data, "Where.");
    options.add_command("create", "Makes one.").add_positional("name", name, "Its name.");
    arguments.insert(arguments.begin(), "hail-test");
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(options.parse(static_cast<int>(arguments.size()), arguments.data()), 2);
    return ::testing::internal::GetCapturedStderr();
  };
  EXPECT_NE(complaint_about({"craete"}).find("craete"), std::string::npos);
  EXPECT_NE(complaint_about({"--dtaa", "x", "create", "y"}).find("--dtaa"), std::string::npos);
  EXPECT_NE(complaint_about({"create", "--nmae"}).find("--nmae"), std::string::npos);
  EXPECT_NE(complaint_about({"--data", "x"}).find("subcommand"), std::string::npos);
}

TEST(OptionsCommandTest, TheChosenCommandRuns) {
  Options options("hail-test", "Tests commands.");
  std::string name;
  auto& topics = options.add_command("topics", "Topics.");
  auto& create =
      topics.add_command("create", "Makes one.", [&name] { return name == "rides" ? 7 : 8; });
  create.add_positional("name", name, "Its name.");
  const char* arguments[] = {"hail-test", "topics", "create", "rides"};
  ASSERT_EQ(options.parse(4, arguments), std::nullopt);
  EXPECT_EQ(options.run_command(), 7);
}

TEST(AddressedOptionsTest, AVariableThatNamesTheProgramWins) {
  ::setenv("HAIL_SEED", "1", 1);
  ::setenv("HAIL_PAYMENT_SEED", "2", 1);
  Options options("hail-payment", "Tests options.");
  int64_t seed = 0;
  options.add("seed", seed, "A seed.");
  const char* argv[] = {"hail-payment"};
  EXPECT_EQ(options.parse(1, argv), std::nullopt);
  EXPECT_EQ(seed, 2);
  ::unsetenv("HAIL_SEED");
  ::unsetenv("HAIL_PAYMENT_SEED");
}

TEST(AddressedOptionsTest, WhatIsForAnotherProgramIsLeftToIt) {
  const auto code_with = [](const char* variable) {
    ::setenv(variable, "2", 1);
    Options options("hail-payment", "Tests options.");
    int64_t seed = 0;
    options.add("seed", seed, "A seed.");
    const char* argv[] = {"hail-payment"};
    ::testing::internal::CaptureStderr();
    const auto code = options.parse(1, argv);
    ::testing::internal::GetCapturedStderr();
    ::unsetenv(variable);
    return code;
  };
  EXPECT_EQ(code_with("HAIL_MATCHING_ANYTHING"), std::nullopt);
  EXPECT_EQ(code_with("HAIL_BROKER"), std::nullopt);
  EXPECT_EQ(code_with("HAIL_PAYMENT_SEEED"), 2);
  EXPECT_EQ(code_with("HAIL_PAYMNT_SEED"), 2);
}

}  // namespace
}  // namespace hailstorm
