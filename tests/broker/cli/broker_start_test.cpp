#include <algorithm>
#include <fstream>

#include "common/http/client.h"
#include "tests/broker/cli/hail_fixture.h"
#include "tests/support/matchers.h"

namespace hailstorm::cli {
namespace {

/// How a real hail-broker starts, stops and refuses.
class BrokerStartTest : public HailFixture {
 protected:
  static testing::ProgramResult start(const std::vector<std::string>& arguments) {
    std::vector<std::string> all{testing::program_folder() / "hail-broker"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return testing::run_program(all);
  }
  http::Response get(const std::string& path) {
    http::Client client(*http::parse_address(broker_.http_url()), 20'000);
    auto answer = client.get(path);
    EXPECT_OK(answer);
    return answer.ok() ? *answer : http::Response{};
  }
  testing::TempFolder other_;
};

TEST_F(BrokerStartTest, AnswersItsProbes) {
  ok({"topics", "create", "rides"});
  EXPECT_EQ(get("/healthz").body, "{\"alive\":true}\n");
  EXPECT_EQ(get("/readyz").body, "{\"ready\":true}\n");
  const std::string metrics = get("/metrics").body;
  EXPECT_NE(metrics.find("hailstorm_broker_requests_total"), std::string::npos) << metrics;
}

TEST_F(BrokerStartTest, StopsCleanlyOnSigterm) { EXPECT_EQ(broker_.stop(), 0) << broker_.log(); }

// Its holder may be about to end: the broker waits for 10 s.
TEST_F(BrokerStartTest, AFolderInUseIsOneClearLine) {
  const auto result =
      start({"--data", broker_.data(), "--port", "0", "--http-port", "0", "--kafka-port", "0"});
  EXPECT_EQ(result.exit_code, 75);
  EXPECT_NE(result.err.find("hail-broker: "), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("in use"), std::string::npos) << result.err;
}

TEST_F(BrokerStartTest, APortInUseIsOneClearLine) {
  const std::string port = std::to_string(broker_.port());
  const auto result =
      start({"--data", other_.path(), "--port", port, "--http-port", "0", "--kafka-port", "0"});
  EXPECT_EQ(result.exit_code, 75);
  EXPECT_NE(result.err.find("port " + port), std::string::npos) << result.err;
}

TEST_F(BrokerStartTest, AFolderOfAnotherVersionIsOneClearLine) {
  std::ofstream(other_.path() / "VERSION") << "hailstorm-broker 99\n";
  const auto result =
      start({"--data", other_.path(), "--port", "0", "--http-port", "0", "--kafka-port", "0"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
}

// Nothing in it is touched.
TEST_F(BrokerStartTest, AFolderThatHoldsFilesOfOthersIsOneClearLine) {
  std::ofstream(other_.path() / "thesis.tex") << "mine\n";
  std::filesystem::create_symlink(other_.path() / "gone", other_.path() / "link");
  for (const auto& [folder, words] : {std::pair(other_.path(), "holds '"),
                                      {std::filesystem::path("/proc"), "holds '"},
                                      {other_.path() / "link", "a link to something"},
                                      {other_.path() / "thesis.tex", "not a folder"}}) {
    const auto result =
        start({"--data", folder, "--port", "0", "--http-port", "0", "--kafka-port", "0"});
    EXPECT_EQ(result.exit_code, 2) << folder;
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }
  EXPECT_FALSE(std::filesystem::exists(other_.path() / "LOCK"));
  EXPECT_EQ(testing::read_text(other_.path() / "thesis.tex"), "mine\n");
}

// The broker and `hail verify` say the same.
TEST_F(BrokerStartTest, BrokerAndVerifyRefuseAnEmptyOrLostVersion) {
  ok({"topics", "create", "rides"});
  ASSERT_EQ(broker_.stop(), 0);
  std::ofstream(broker_.data() / "VERSION", std::ios::trunc).close();
  const auto result =
      start({"--data", broker_.data(), "--port", "0", "--http-port", "0", "--kafka-port", "0"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("it is empty"), std::string::npos) << result.err;
  const auto verified = run_hail({"verify", broker_.data()});
  EXPECT_EQ(verified.exit_code, 2);
  EXPECT_NE(verified.err.find("it is empty"), std::string::npos) << verified.err;
  std::filesystem::remove(broker_.data() / "VERSION");
  EXPECT_EQ(
      start({"--data", broker_.data(), "--port", "0", "--http-port", "0", "--kafka-port", "0"})
          .exit_code,
      2);
  EXPECT_EQ(run_hail({"verify", broker_.data()}).exit_code, 2);
  std::ofstream(broker_.data() / "VERSION") << "hail-broker 1\n";  // as both advise
  broker_.start();
}

TEST_F(BrokerStartTest, BadUsageIsOneClearLine) {
  EXPECT_EQ(start({}).exit_code, 2);
  EXPECT_EQ(start({"--data", other_.path(), "--port", "99999"}).exit_code, 2);
  EXPECT_EQ(start({"--data", other_.path(), "--bogus"}).exit_code, 2);
  EXPECT_EQ(start({"--help"}).exit_code, 0);
}

}  // namespace
}  // namespace hailstorm::cli
