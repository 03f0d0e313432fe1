#include "tests/support/child.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "common/base/check.h"
#include "tests/support/await.h"

namespace hailstorm::testing {
namespace {

/// In the child, between fork and exec: only what is safe there.
void redirect(const char* file, int flags, int stream) {
  const int fd = ::open(file, flags, 0644);
  if (fd < 0) ::_exit(126);
  ::dup2(fd, stream);
  ::close(fd);
}

const char* name_or_null(const std::string& file) {
  return file.empty() ? "/dev/null" : file.c_str();
}

/// Runs between fork and exec.
[[noreturn]] void become(char* const* argv, const Streams& streams, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  redirect(name_or_null(streams.in), O_RDONLY, STDIN_FILENO);
  redirect(name_or_null(streams.out), O_WRONLY | O_CREAT | O_APPEND, STDOUT_FILENO);
  redirect(name_or_null(streams.err), O_WRONLY | O_CREAT | O_APPEND, STDERR_FILENO);
  ::execv(argv[0], argv);
  ::_exit(127);
}

/// Until exec has closed the other end: before that the child has the handlers and the descriptors
/// of this process, which handles() would take for the program's own.
void await_end_of(int fd) {
  char byte = 0;
  while (::read(fd, &byte, 1) < 0 && errno == EINTR) {
  }
}

/// The line `label` of this file in /proc, a set of signals, has the signal.
bool has_signal(const std::filesystem::path& file, std::string_view label, int number) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(label)) continue;
    return (std::stoull(line.substr(label.size()), nullptr, 16) >> (number - 1) & 1) != 0;
  }
  return false;
}

/// The kernel says that the program catches the signal, or reads it from a signalfd. That it blocks
/// the signal says nothing: libc and shells block all signals for a moment when they fork.
bool handles(pid_t pid, int number) {
  const std::filesystem::path process = "/proc/" + std::to_string(pid);
  if (has_signal(process / "status", "SigCgt:", number)) return true;
  std::error_code gone;
  for (std::filesystem::directory_iterator file(process / "fdinfo", gone), end;
       !gone && file != end; file.increment(gone)) {
    if (has_signal(file->path(), "sigmask:", number)) return true;
  }
  return false;
}

}  // namespace

Child::Child(const std::vector<std::string>& arguments, const Streams& streams) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  int ends[2];
  HAIL_CHECK(::pipe2(ends, O_CLOEXEC) == 0);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  HAIL_CHECK(pid_ >= 0);
  if (pid_ == 0) become(argv.data(), streams, parent);
  ::close(ends[1]);
  await_end_of(ends[0]);
  ::close(ends[0]);
}

Child::~Child() {
  if (is_held()) kill();
}

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  return *this;
}

bool Child::has_ended() const {
  siginfo_t info{};
  const auto id = static_cast<id_t>(pid_);
  return is_held() && ::waitid(P_PID, id, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid_;
}

void Child::terminate() { signal_when_handled(SIGTERM); }
void Child::interrupt() { signal_when_handled(SIGINT); }

void Child::signal_when_handled(int number) {
  HAIL_CHECK(is_held());
  if (!await([&] { return has_ended() || handles(pid_, number); })) {
    std::cerr << "process " << pid_ << " has no handler for signal " << number << "\n";
    HAIL_CHECK(false && "the program does not handle the signal");
  }
  ::kill(pid_, number);
}

void Child::kill() {
  HAIL_CHECK(is_held());
  ::kill(pid_, SIGKILL);
  wait();
}

void Child::freeze() {
  HAIL_CHECK(is_held());
  ::kill(pid_, SIGSTOP);
  siginfo_t info{};
  HAIL_CHECK(::waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WEXITED | WNOWAIT) == 0);
}

void Child::thaw() {
  HAIL_CHECK(is_held());
  ::kill(pid_, SIGCONT);
}

int Child::wait(int timeout_ms) {
  HAIL_CHECK(is_held());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  int status = 0;
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() >= deadline) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace hailstorm::testing
