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
    options_.add("http-port", port_, kPortOrAnyRange, "The HTTP port.");
    options_.add_flag("keep", keep_, "Stay up.");
  }
  void TearDown() override {
    ::unsetenv("HAIL_HTTP_PORT");
    ::unsetenv("HAIL_TEST_HTPP_PORT");
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

TEST_F(OptionsTest, AMistypedVariableWithTheProgramsOwnPrefixIsRefused) {
  ::setenv("HAIL_TEST_HTPP_PORT", "1", 1);
  EXPECT_EQ(parse({}), 2);
  EXPECT_NE(errors_.find("HAIL_TEST_HTPP_PORT"), std::string::npos) << errors_;
}

TEST_F(OptionsTest, HelpIsSuccess) {
  EXPECT_EQ(parse({"--help"}), 0);
  EXPECT_NE(output_.find("--http-port"), std::string::npos);
}

/// What one setting of each kind makes of a value.
class ValueTest : public OptionsTest {
 protected:
  ValueTest() {
    options_.add("count", count_, {-1, 600, "ms"}, "A number.");
    options_.add("share", share_, {0, 1}, "A number with a fraction.");
    options_.add("rate", rate_, {0.5, 100}, "A number that may be missing.");
    options_.add_choice("level", level_, {"debug", "info"}, "One of some.");
    options_.add_choices("lanes", lanes_, {"log", "chain"}, "Some of some.");
    options_.add_host("host", host_, "A host.");
    options_.add_address("broker", broker_, "hailstorm", "An address.");
    options_.add("group", group_, "A text that may be missing.");
    options_.add_positional("NAME", name_, "A name.", false);
  }
  ~ValueTest() override { ::unsetenv("HAIL_COUNT"); }

  /// The value is refused in one line that names the setting and says what it takes.
  void expect_refused(const std::vector<const char*>& arguments, const std::string& name,
                      const std::string& wanted) {
    EXPECT_EQ(parse(arguments), 2) << arguments.back();
    EXPECT_EQ(std::count(errors_.begin(), errors_.end(), '\n'), 1) << errors_;
    EXPECT_NE(errors_.find(name), std::string::npos) << errors_;
    EXPECT_NE(errors_.find(wanted), std::string::npos) << errors_;
  }

  int64_t count_ = 5;
  double share_ = 0.5;
  std::optional<double> rate_;
  std::string level_ = "info";
  std::vector<std::string> lanes_ = {"log", "chain"};
  std::string host_ = "127.0.0.1";
  std::string broker_ = "hailstorm://127.0.0.1:7400";
  std::optional<std::string> group_;
  std::string name_;
};

TEST_F(ValueTest, ANumberInItsRangeIsTaken) {
  EXPECT_EQ(parse({"--count", "-1", "--share=0.25", "--rate", "100"}), std::nullopt) << errors_;
  EXPECT_EQ(count_, -1);
  EXPECT_EQ(share_, 0.25);
  EXPECT_EQ(rate_, 100);
}

TEST_F(ValueTest, AnyOtherNumberIsRefusedWithItsRange) {
  for (const char* bad : {"", "08", "1x", " 1", "1 ", "+1", "-2", "601", "1.0", "1e2", "0x1", "nan",
                          "99999999999999999999", "-0", "--share"}) {
    expect_refused({"--count", bad}, "--count", "from -1 to 600 ms");
  }
  for (const char* bad : {"", "-0.1", "1.01", "nan", "inf", "1e-1", ".5", "00.5", "0x0"}) {
    expect_refused({"--share", bad}, "--share", "from 0 to 1");
  }
  for (const char* bad : {"0", "0.49", "100.1", "infinity"}) {
    expect_refused({"--rate", bad}, "--rate", "from 0.5 to 100");
  }
  EXPECT_EQ(rate_, std::nullopt);
}

TEST_F(ValueTest, OnlyOneOfTheChoicesIsTaken) {
  EXPECT_EQ(parse({"--level", "debug", "--lanes", "chain"}), std::nullopt) << errors_;
  EXPECT_EQ(level_, "debug");
  EXPECT_EQ(lanes_, std::vector<std::string>{"chain"});
  EXPECT_EQ(parse({"--lanes", "chain,log"}), std::nullopt) << errors_;
  for (const char* bad : {"", "bogus", "DEBUG", " debug", "debug,info"}) {
    expect_refused({"--level", bad}, "--level", "debug or info");
  }
  for (const char* bad : {"", "fast", "log,", ",log", "log,log", "log;chain", "log,fast"}) {
    expect_refused({"--lanes", bad}, "--lanes", "log or chain");
  }
}

TEST_F(ValueTest, AHostIsANameOrAnIpAddress) {
  EXPECT_EQ(parse({"--host", "[::1]", "--broker", "hailstorm://[::1]:7400"}), std::nullopt);
  EXPECT_EQ(host_, "::1");
  for (const char* bad : {"", "a b", "a,b", "*", "user@a", "a:1", "[::1", "256.0.0.1"}) {
    expect_refused({"--host", bad}, "--host", "a host name or an IP address");
  }
  for (const char* bad : {"", "a:7400", "hailstorm://a:7400,b:7400", "hailstorm://a:0"}) {
    expect_refused({"--broker", bad}, "--broker", "hailstorm://HOST:PORT");
  }
}

TEST_F(ValueTest, NoTextIsEmpty) {
  expect_refused({"--group", ""}, "--group", "not empty");
  expect_refused({"--group="}, "--group", "not empty");
  expect_refused({""}, "NAME", "not empty");
}

TEST_F(ValueTest, AnEmptyValueDoesNotTakeTheNextArgument) {
  expect_refused({"--count=", "7"}, "--count", "from -1 to 600");
  EXPECT_EQ(count_, 5);
}

TEST_F(ValueTest, AForgottenValueIsNotTheNextFlag) {
  expect_refused({"--group", "--keep"}, "--group", "no value");
  expect_refused({"--group"}, "--group", "no value");
  expect_refused({"--count"}, "--count", "from -1 to 600");
  EXPECT_EQ(parse({"--group=--keep"}), std::nullopt) << errors_;
  EXPECT_EQ(group_, "--keep");
}

TEST_F(ValueTest, AValueThatIsGivenTwiceIsRefused) {
  expect_refused({"--count", "1", "--count", "2"}, "--count", "twice");
  expect_refused({"--level=info", "--level=info"}, "--level", "twice");
  expect_refused({"--keep", "--keep"}, "--keep", "twice");
}

TEST_F(ValueTest, AVariableFollowsTheSameRule) {
  for (const char* bad : {"", "08", "601", " 1"}) {
    ::setenv("HAIL_COUNT", bad, 1);
    expect_refused({}, "HAIL_COUNT", "from -1 to 600");
  }
  EXPECT_EQ(parse({"--count", "7"}), std::nullopt) << "the flag wins";
  ::setenv("HAIL_COUNT", "600", 1);
  EXPECT_EQ(parse({}), std::nullopt) << errors_;
  EXPECT_EQ(count_, 600);
}

TEST_F(ValueTest, AFlagIsTrueOrFalse) {
  EXPECT_EQ(parse({"--keep=true"}), std::nullopt);
  EXPECT_TRUE(keep_);
  EXPECT_EQ(parse({"--keep=false"}), std::nullopt);
  EXPECT_FALSE(keep_);
  for (const char* bad : {"--keep=maybe", "--keep=08", "--keep=TRUE"}) {
    expect_refused({bad}, "--keep", "true or false");
  }
}

TEST_F(ValueTest, HelpShowsWhatEachTakes) {
  EXPECT_EQ(parse({"--help"}), 0);
  for (const char* shown :
       {"--count -1..600=5", "--share 0..1=0.5", "--rate 0.5..100 (", "--level debug|info=info",
        "--lanes log,chain=log,chain", "--http-port 0..65535=7400"}) {
    EXPECT_NE(output_.find(shown), std::string::npos) << shown << " in\n" << output_;
  }
}

TEST(OptionsCommandTest, WhatFollowsTwoDashesIsTakenAsItIs) {
  Options options("hail-test", "Tests options.");
  std::vector<std::string> rest;
  options.add_rest("COMMAND", rest, "A command.");
  const char* arguments[] = {"hail-test", "--", "ls", "--all", "[a,b]", "--x="};
  ASSERT_EQ(options.parse(6, arguments), std::nullopt);
  EXPECT_EQ(rest, (std::vector<std::string>{"ls", "--all", "[a,b]", "--x="}));
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
  options.add("seed", seed, {0, kAnyMost}, "A seed.");
  const char* argv[] = {"hail-payment"};
  EXPECT_EQ(options.parse(1, argv), std::nullopt);
  EXPECT_EQ(seed, 2);
  ::unsetenv("HAIL_SEED");
  ::unsetenv("HAIL_PAYMENT_SEED");
}

TEST(AddressedOptionsTest, AVariableWithoutTheProgramsPrefixIsIgnored) {
  const auto code_with = [](const char* variable) {
    ::setenv(variable, "2", 1);
    Options options("hail-payment", "Tests options.");
    int64_t seed = 0;
    options.add("seed", seed, {0, kAnyMost}, "A seed.");
    const char* argv[] = {"hail-payment"};
    ::testing::internal::CaptureStderr();
    const auto code = options.parse(1, argv);
    ::testing::internal::GetCapturedStderr();
    ::unsetenv(variable);
    return code;
  };
  EXPECT_EQ(code_with("HAIL_MATCHING_ANYTHING"), std::nullopt);
  EXPECT_EQ(code_with("HAIL_LOYALTY_ANYTHING"), std::nullopt);
  EXPECT_EQ(code_with("HAIL_BROKER"), std::nullopt);
  EXPECT_EQ(code_with("HAIL_PAYMENT_SEEED"), 2);
  EXPECT_EQ(code_with("HAIL_PAYMNT_SEED"), std::nullopt);
}

}  // namespace
}  // namespace hailstorm
