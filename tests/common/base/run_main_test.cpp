#include "common/base/run_main.h"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <iostream>
#include <stdexcept>
#include <sys/resource.h>
#include <unistd.h>

namespace hailstorm {
namespace {

struct Outcome {
  int code;
  std::string err;
};

Outcome run(int (*body)(int, char**), int open_files = 32) {
  ::testing::internal::CaptureStderr();
  const int code = run_main({.name = "hail-test", .open_files = open_files}, 0, nullptr, body);
  return {code, ::testing::internal::GetCapturedStderr()};
}

/// Standard output goes to `file` while this object lives.
class OutputTo {
 public:
  explicit OutputTo(int fd) {
    std::fflush(stdout);
    ::dup2(fd, STDOUT_FILENO);
    ::close(fd);
  }
  ~OutputTo() {
    std::fflush(stdout);
    std::clearerr(stdout);
    std::cout.clear();
    ::dup2(own_, STDOUT_FILENO);
    ::close(own_);
  }

 private:
  int own_ = ::dup(STDOUT_FILENO);
};

TEST(RunMainTest, TheExitCodeIsTheBodysOwn) {
  EXPECT_EQ(run([](int, char**) { return 0; }).code, 0);
  EXPECT_EQ(run([](int, char**) { return 7; }).code, 7);
}

TEST(RunMainTest, AnExceptionIsOneLineAndExitCodeTwo) {
  const auto thrown = run([](int, char**) -> int { throw std::runtime_error("no such thing"); });
  EXPECT_EQ(thrown.code, 2);
  EXPECT_EQ(thrown.err, "hail-test: stopped by an error: no such thing\n");
  const auto nameless = run([](int, char**) -> int { throw 42; });
  EXPECT_EQ(nameless.code, 2);
  EXPECT_EQ(std::count(nameless.err.begin(), nameless.err.end(), '\n'), 1) << nameless.err;
}

TEST(RunMainTest, OutputThatCannotBeWrittenIsAFailure) {
  {
    const OutputTo full(::open("/dev/full", O_WRONLY));
    const auto outcome = run([](int, char**) {
      std::cout << "a result\n";
      return 0;
    });
    EXPECT_EQ(outcome.code, 1);
    EXPECT_NE(outcome.err.find("standard output"), std::string::npos);
  }
  const OutputTo full(::open("/dev/full", O_WRONLY));
  EXPECT_EQ(run([](int, char**) {
              std::puts("a result");
              return 3;
            }).code,
            3);
}

TEST(RunMainTest, AReaderThatHasGoneIsNoFailure) {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  const OutputTo nobody(ends[1]);
  const auto outcome = run([](int, char**) {
    std::cout << "a result\n";
    return 0;
  });
  EXPECT_EQ(outcome.code, 0) << outcome.err;
}

/// The soft limit of open files, put back when this object goes.
class OpenFileLimit {
 public:
  OpenFileLimit() { ::getrlimit(RLIMIT_NOFILE, &before_); }
  ~OpenFileLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  void lower_to(rlim_t count) const {
    rlimit lower = before_;
    lower.rlim_cur = count;
    ::setrlimit(RLIMIT_NOFILE, &lower);
  }
  static rlim_t now() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
  }
  [[nodiscard]] rlim_t most() const { return before_.rlim_max; }

 private:
  rlimit before_{};
};

TEST(RunMainTest, TheLimitOfOpenFilesIsRaisedAsFarAsPermitted) {
  const OpenFileLimit limit;
  limit.lower_to(64);
  EXPECT_EQ(run([](int, char**) { return OpenFileLimit::now() > 64 ? 0 : 1; }, 128).code, 0);
}

TEST(RunMainTest, TooFewOpenFilesAreRefusedAtTheStart) {
  const OpenFileLimit limit;
  if (limit.most() > 1'000'000'000) GTEST_SKIP() << "no program could need more files";
  const int more = static_cast<int>(limit.most()) + 1;
  const auto outcome = run([](int, char**) { return 0; }, more);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find(std::to_string(more)), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("ulimit -n"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace hailstorm
