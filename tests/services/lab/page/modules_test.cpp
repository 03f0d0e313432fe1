#include <gtest/gtest.h>
#include <string>

#include "tests/support/run_program.h"

/// The page's modules that need no browser, tested by Node's own runner.
namespace hailstorm::testing {
namespace {

constexpr int kWithinMs = 120'000;
constexpr const char* kFolder = HAILSTORM_SOURCE_DIR "/tests/services/lab/page";

TEST(PageModulesTest, AreRightWithoutABrowser) {
  const auto version = run_program({"/usr/bin/env", "node", "--version"});
  if (version.exit_code != 0) GTEST_SKIP() << "there is no Node.js here";
  const std::string tests = "exec node --test \"$0\"/*.test.mjs";
  const auto ran = run_program({"/bin/sh", "-c", tests, kFolder}, "", kWithinMs);
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
}

}  // namespace
}  // namespace hailstorm::testing
