#include <cstdlib>
#include <sstream>
#include <unistd.h>

#include "common/http/client.h"
#include "tests/support/run_program.h"
#include "tests/system/system_fixture.h"

namespace hailstorm::testing {
namespace {

/// Where .ci/prepare puts promtool, or where PATH has it; empty: nowhere.
std::string find_promtool() {
  const std::string own = HAILSTORM_SOURCE_DIR "/build/tools/promtool";
  if (::access(own.c_str(), X_OK) == 0) return own;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((folder + "/promtool").c_str(), X_OK) == 0) return folder + "/promtool";
  }
  return {};
}

class PromtoolTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (promtool_.empty()) GTEST_SKIP() << "there is no promtool (Debian package prometheus)";
  }
  /// What `promtool check metrics` finds wrong, in format or style; empty: nothing.
  [[nodiscard]] std::string problems_of(const std::string& page) const {
    const auto result = run_program({promtool_, "check", "metrics"}, page);
    if (result.exit_code == 0) return result.out + result.err;
    return "exit code " + std::to_string(result.exit_code) + ": " + result.out + result.err;
  }
  const std::string promtool_ = find_promtool();
};

TEST_F(PromtoolTest, TheMetricsOfEveryProcessAreSound) {
  Platform platform;
  platform.ride(50, 200);
  platform.wait_for_riders();
  platform.wait_until_settled();
  for (const auto& name : platform.names()) {
    http::Client client({"127.0.0.1", platform.http_port(name)}, 5'000);
    const auto page = client.get("/metrics");
    ASSERT_TRUE(page.ok()) << name;
    EXPECT_NE(page->body.find("# TYPE hailstorm_"), std::string::npos) << name;
    EXPECT_EQ(problems_of(page->body), "") << name;
  }
}

TEST_F(PromtoolTest, AMetricWithoutHelpIsFound) {
  EXPECT_NE(problems_of("# HELP rides_total \n# TYPE rides_total counter\nrides_total 1\n"), "");
}

}  // namespace
}  // namespace hailstorm::testing
