#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace hailstorm::testing {

/// Files of a program's three streams; an empty name is /dev/null.
struct Streams {
  std::string in{};
  std::string out{};
  std::string err{};
};

/// A program that a test started, and the one place in the tests that signals a program. SIGTERM
/// and SIGINT wait here until the program handles them: a program that gets one in its first
/// milliseconds, when it has no handler yet, would die of it, and the test would fail by chance.
///
/// Thread safety: not safe; the program dies with the thread that started it.
class Child {
 public:
  /// No program.
  Child() = default;
  /// Starts `arguments`, the program first; 127 is the exit code where there is no such program.
  explicit Child(const std::vector<std::string>& arguments, const Streams& streams = {});
  ~Child();  // SIGKILL
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;

  /// It was started, and nobody has waited for its end yet.
  [[nodiscard]] bool is_held() const { return pid_ > 0; }
  /// It is held and has ended by itself.
  [[nodiscard]] bool has_ended() const;
  [[nodiscard]] pid_t pid() const { return pid_; }

  // REQUIRES for all below: is_held().

  /// SIGTERM, as soon as the program handles it. Aborts where it never does. REQUIRES: it is not
  /// frozen.
  void terminate();
  /// SIGINT, in the same way.
  void interrupt();
  /// SIGKILL; it is gone when this returns.
  void kill();
  /// SIGSTOP; each of its threads stands still when this returns.
  void freeze();
  void thaw();  // SIGCONT
  /// Until it ended, or `timeout_ms` passed: it is killed then. Its exit code, or 128 + its signal.
  int wait(int timeout_ms = 60'000);

 private:
  void signal_when_handled(int number);

  pid_t pid_ = -1;
};

}  // namespace hailstorm::testing
