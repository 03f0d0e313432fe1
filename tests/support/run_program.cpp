#include "tests/support/run_program.h"

#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <signal.h>
#include <stdlib.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "common/base/check.h"
#include "tests/support/temp_folder.h"

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

}  // namespace

std::filesystem::path program_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin";
}

pid_t spawn(const std::vector<std::string>& arguments, const std::string& in,
            const std::string& out, const std::string& err) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const char* in_name = name_or_null(in);
  const char* out_name = name_or_null(out);
  const char* err_name = name_or_null(err);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  HAIL_CHECK(child >= 0);
  if (child > 0) return child;

  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  redirect(in_name, O_RDONLY, STDIN_FILENO);
  redirect(out_name, O_WRONLY | O_CREAT | O_APPEND, STDOUT_FILENO);
  redirect(err_name, O_WRONLY | O_CREAT | O_APPEND, STDERR_FILENO);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

int wait_for_exit(pid_t child, int timeout_ms) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() >= deadline) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

ProgramResult run_program(const std::vector<std::string>& arguments, const std::string& input,
                          int timeout_ms) {
  const TempFolder folder;
  const std::string in = folder.path() / "in";
  const std::string out = folder.path() / "out";
  const std::string err = folder.path() / "err";
  std::ofstream(in, std::ios::binary) << input;
  const int exit_code = wait_for_exit(spawn(arguments, in, out, err), timeout_ms);
  return {exit_code, read_text(out), read_text(err)};
}

}  // namespace hailstorm::testing
