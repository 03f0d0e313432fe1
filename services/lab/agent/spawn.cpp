#include "services/lab/agent/spawn.h"

#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "services/lab/agent/log_file.h"

extern char** environ;

namespace hailstorm::lab {
namespace {

// The kernel's CLOSE_RANGE_CLOEXEC; its header clashes with libc's in some releases.
constexpr unsigned kCloseOnExec = 1U << 2;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

std::vector<char*> arguments(const SpawnRequest& request) {
  std::vector<char*> argv;
  for (const auto& argument : request.argv) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  return argv;
}

/// HAIL_PAYMENT_LOG_FILE and so on for hail-payment, which then keeps its log bounded by itself. A
/// pipe through the agent would stop whenever the agent is frozen.
std::vector<std::string> log_settings(const SpawnRequest& request) {
  constexpr std::string_view kProduct = "hail-";
  const std::string program = std::filesystem::path(request.argv.front()).filename();
  if (request.log_file.empty() || !program.starts_with(kProduct)) return {};
  std::string prefix = "HAIL_";
  for (const char c : program.substr(kProduct.size()))
    prefix += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const auto file = std::filesystem::path(request.log_folder) / request.log_file;
  return {fmt::format("{}_LOG_FILE={}", prefix, file.string()),
          fmt::format("{}_LOG_FILE_BYTES={}", prefix, request.log_bytes)};
}

std::vector<char*> environment_for(const SpawnRequest& request, std::vector<std::string>& more) {
  std::vector<char*> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const bool is_setting = std::string_view(*entry).starts_with("HAIL_");
    if (request.with_settings || !is_setting) variables.push_back(*entry);
  }
  for (std::string& one : more) variables.push_back(one.data());
  variables.push_back(nullptr);
  return variables;
}

/// Where memory runs out, the kernel kills this process before the agent, which can start it again.
void prefer_oom_kill() {
  const int fd = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  constexpr std::string_view kAdjustment = "500";
  [[maybe_unused]] const auto written = ::write(fd, kAdjustment.data(), kAdjustment.size());
  ::close(fd);
}

/// Runs between fork and exec: system calls alone, since another thread may have held any lock.
[[noreturn]] void exec(char* const* argv, char* const* variables, pid_t parent, int input,
                       int output, int report, bool is_oom_victim) {
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // the parent died before the line above
  if (is_oom_victim) prefer_oom_kill();
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::dup2(input, STDIN_FILENO);
  if (output >= 0) {
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
  }
  ::syscall(SYS_close_range, 3U, ~0U, kCloseOnExec);
  ::execve(argv[0], argv, variables);
  const int reason = errno;
  const ssize_t written = ::write(report, &reason, sizeof reason);
  ::_exit(written > 0 ? 127 : 126);
}

Error failure(const SpawnRequest& request, const std::string& what, int reason) {
  return Error(AgentErrc::cannot_start, fmt::format("cannot start {}: {}: {}", request.argv.front(),
                                                    what, std::strerror(reason)))
      .caused_by(reason);
}

}  // namespace

Result<pid_t> spawn(const SpawnRequest& request) {
  if (request.argv.empty()) return Error(AgentErrc::cannot_start, "no program was named");
  const Descriptor input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  int output_fd = -1;
  if (!request.log_file.empty()) {
    HAIL_ASSIGN_OR_RETURN(output_fd, open_log(request.log_folder, request.log_file));
  }
  const Descriptor log(output_fd);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failure(request, "no pipe", errno);
  const Descriptor report(ends[0]);
  Descriptor child_report(ends[1]);

  const auto argv = arguments(request);
  auto more = log_settings(request);
  const auto variables = environment_for(request, more);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return failure(request, "fork", errno);
  if (pid == 0) {
    exec(argv.data(), variables.data(), parent, input.get(),
         log.get() >= 0 ? log.get() : request.output, child_report.get(), request.with_settings);
  }
  child_report.close();
  int reason = 0;
  ssize_t got = 0;
  while ((got = ::read(report.get(), &reason, sizeof reason)) < 0 && errno == EINTR) {
  }
  if (got == sizeof reason) {
    ::waitpid(pid, nullptr, 0);
    return failure(request, "exec", reason);
  }
  return pid;
}

bool await_exit(pid_t pid, int timeout_ms) {
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  const int64_t deadline_us = steady_us() + int64_t{timeout_ms} * 1000;
  for (;;) {
    const int64_t left_us = deadline_us - steady_us();
    if (handle.get() >= 0) {
      pollfd one{handle.get(), POLLIN, 0};
      const int ready = ::poll(&one, 1, left_us > 0 ? static_cast<int>(left_us / 1000) + 1 : 0);
      if (ready > 0) return true;
      if (ready == 0) return false;
      continue;  // EINTR
    }
    // A kernel without pidfd: ask again and again.
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        info.si_pid == pid) {
      return true;
    }
    if (left_us <= 0) return false;
    ::usleep(2000);
  }
}

}  // namespace hailstorm::lab
