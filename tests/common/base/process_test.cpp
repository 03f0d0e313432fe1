#include "common/base/process.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/temp_folder.h"

namespace hailstorm {
namespace {

/// What `work` gives, in a process of its own; 128 and more: the signal that ended it.
int in_a_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) std::_Exit(work());
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool is_null_device(int fd) {
  struct stat here {};
  struct stat null {};
  return ::fstat(fd, &here) == 0 && ::stat("/dev/null", &null) == 0 && here.st_rdev == null.st_rdev;
}

TEST(ProcessTest, EachClosedStreamIsTheNullDeviceAndTheOthersStayAsTheyWere) {
  const testing::TempFolder folder;
  const std::string file = folder.path() / "open";
  for (int closed = 0; closed < 8; ++closed) {
    const int wrong = in_a_child([&] {
      const int open = ::open(file.c_str(), O_CREAT | O_RDWR, 0644);
      for (int fd = 0; fd < 3; ++fd) {
        ::dup2(open, fd);
        if ((closed >> fd & 1) != 0) ::close(fd);
      }
      prepare_process();
      int count = 0;
      for (int fd = 0; fd < 3; ++fd) count += is_null_device(fd) != ((closed >> fd & 1) != 0);
      return count;
    });
    EXPECT_EQ(wrong, 0) << closed;
  }
}

TEST(ProcessTest, AClosedStandardInputCannotBeRead) {
  EXPECT_EQ(in_a_child([] {
              ::close(0);
              prepare_process();
              char byte = 0;
              return ::read(0, &byte, 1) < 0 ? 0 : 1;
            }),
            0);
}

TEST(ProcessTest, AWriteBeyondTheLimitOfAFilesSizeIsAnError) {
  const testing::TempFolder folder;
  const std::string file = folder.path() / "small";
  const auto write_too_much = [&] {
    const rlimit small{100, 100};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const int fd = ::open(file.c_str(), O_CREAT | O_RDWR, 0644);
    const std::string text(100, 'x');
    if (::write(fd, text.data(), text.size()) != 100) return 1;
    return ::write(fd, text.data(), text.size()) < 0 && errno == EFBIG ? 0 : 2;
  };
  EXPECT_EQ(in_a_child([&] {
              prepare_process();
              return write_too_much();
            }),
            0);
}

}  // namespace
}  // namespace hailstorm
