#include "common/base/run_server.h"

#include <cerrno>
#include <gtest/gtest.h>
#include <new>
#include <system_error>

#include "common/base/logging.h"

namespace hailstorm {
namespace {

enum class TestErrc { failed };
std::string_view name_of(TestErrc) { return "failed"; }

Error failed(int cause) { return Error(TestErrc::failed, "it cannot be had").caused_by(cause); }

struct Outcome {
  int code = 0;
  std::string err;
};

Outcome run(const std::function<Result<int>(ServerStart&)>& body) {
  init_logging("test");  // no count of warnings is left from another test
  ::testing::internal::CaptureStderr();
  const int code = run_server("hail-test", body);
  return {code, ::testing::internal::GetCapturedStderr()};
}

TEST(RunServerTest, AShortageIsPrintedOnceAndTheStartRepeatedUntilItHasPassed) {
  for (const int cause : {ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE, ENOMEM, EAGAIN, EADDRINUSE}) {
    int attempts = 0;
    const auto outcome = run([&](ServerStart& start) -> Result<int> {
      if (++attempts < 3) return failed(cause);
      start.succeeded();
      return 7;
    });
    EXPECT_EQ(outcome.code, 7) << cause;
    EXPECT_EQ(attempts, 3) << cause;
    const auto end_of_first = outcome.err.find('\n');
    EXPECT_NE(outcome.err.find(": it cannot be had ("), std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.err.find("hail-test: goes on after 0."), end_of_first + 1) << outcome.err;
  }
}

TEST(RunServerTest, AnExceptionForLackOfMemoryOrThreadsIsAShortage) {
  int attempts = 0;
  const auto outcome = run([&](ServerStart&) -> Result<int> {
    if (++attempts == 1) throw std::bad_alloc();
    if (attempts == 2) throw std::system_error(EAGAIN, std::generic_category());
    return 0;
  });
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(attempts, 3);
  EXPECT_NE(outcome.err.find("waits for memory"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("waits for threads"), std::string::npos) << outcome.err;
}

TEST(RunServerTest, AnErrorThatAPersonMustMendIsOneLineAndExitCodeTwo) {
  for (const int cause : {0, EACCES, EROFS, ENOENT, EADDRNOTAVAIL}) {
    int attempts = 0;
    const auto outcome = run([&](ServerStart&) -> Result<int> {
      ++attempts;
      return failed(cause);
    });
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(attempts, 1);
    EXPECT_EQ(outcome.err, "hail-test: it cannot be had\n");
  }
}

TEST(RunServerTest, AStopEndsTheWait) {
  const auto outcome = run([&](ServerStart& start) -> Result<int> {
    start.stop().request();
    return failed(ENOSPC);
  });
  EXPECT_EQ(outcome.code, 0);
}

// It served, and what it had could not be written: no clean stop.
TEST(RunServerTest, AShortageAtTheEndIsNotHidden) {
  const auto outcome = run([&](ServerStart& start) -> Result<int> {
    start.succeeded();
    start.stop().request();
    return failed(ENOSPC);
  });
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err, "hail-test: it cannot be had\n");
}

}  // namespace
}  // namespace hailstorm
