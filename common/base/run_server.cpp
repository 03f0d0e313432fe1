#include "common/base/run_server.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <iostream>
#include <latch>
#include <memory>
#include <new>
#include <optional>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "common/base/back_off.h"
#include "common/base/clock.h"
#include "common/base/enum_name.h"
#include "common/base/options.h"
#include "common/base/process.h"
#include "common/base/shortage.h"
#include "common/base/text.h"

namespace hailstorm {
namespace {

constexpr int kFirstPauseMs = 50;
constexpr int kLongestPauseMs = 1'000;
constexpr int64_t kHeldPatienceMs = 10'000;
// What each server needs to begin; it has more of them later.
constexpr int kDescriptors = 40;
constexpr int kThreads = 12;

enum class StartErrc { no_resources, unforeseen };
std::string_view name_of(StartErrc code) { return enum_name(code); }

Error lacks(int code) {
  return Error(StartErrc::no_resources, std::strerror(code)).caused_by(code);
}

Status try_descriptors() {
  (void)raise_open_files(kMostOpenFiles);  // the hard limit may have been raised meanwhile
  std::vector<int> opened;
  int code = 0;
  for (int i = 0; i < kDescriptors && code == 0; ++i) {
    const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
      opened.push_back(fd);
    } else {
      code = errno;
    }
  }
  for (const int fd : opened) ::close(fd);
  return code == 0 ? Status() : Status(lacks(code));
}

Status try_threads() {
  std::latch all_made(1);
  std::vector<std::jthread> threads;
  int code = 0;
  try {
    for (int i = 0; i < kThreads; ++i) threads.emplace_back([&all_made] { all_made.wait(); });
  } catch (const std::system_error& failure) {
    code = failure.code().value();
  }
  all_made.count_down();
  return code == 0 ? Status() : Status(lacks(code));
}

/// Asks for a stop before and between the attempts, also where not even a StopSignal can be made.
class Stop {
 public:
  /// Errors of the system, as exceptions.
  StopSignal& signal() {
    if (signal_ == nullptr) signal_ = std::make_unique<StopSignal>();
    return *signal_;
  }
  [[nodiscard]] bool requested() const { return signal_ != nullptr && signal_->requested(); }
  [[nodiscard]] bool wait_for(int timeout_ms) const {
    if (signal_ != nullptr) return signal_->wait_for(timeout_ms);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGINT);
    const timespec timeout{timeout_ms / 1'000, timeout_ms % 1'000 * 1'000'000L};
    return ::sigtimedwait(&signals, nullptr, &timeout) > 0;
  }

 private:
  std::unique_ptr<StopSignal> signal_;
};

/// The wait for what a start lacks: says once what that is, and makes the pauses.
class Wait {
 public:
  /// `clock` must remain live while this object is in use.
  Wait(std::string program, const Clock& clock) : program_(std::move(program)), clock_(clock) {}

  /// Before the pause that follows on this error. False: it took too long.
  [[nodiscard]] bool begin(const Error& error, const Shortage& shortage) {
    const int64_t now_ms = clock_.steady_ms();
    if (!since_ms_) since_ms_ = now_ms;
    if (cause_ != error.cause()) {
      cause_ = error.cause();
      cause_since_ms_ = now_ms;
      say(shortage, error.message());
    }
    return !shortage.is_held_by_another || now_ms - cause_since_ms_ < kHeldPatienceMs;
  }
  void end() {
    if (!since_ms_) return;
    const int64_t waited_ms = clock_.steady_ms() - *since_ms_;
    print(fmt::format("goes on after {:.1f} s", static_cast<double>(waited_ms) / 1e3));
    since_ms_.reset();
    cause_ = 0;
    back_off_.reset();
  }
  [[nodiscard]] int next_pause_ms() { return back_off_.next_ms(); }

 private:
  void say(const Shortage& shortage, const std::string& message) const {
    const std::string limit =
        shortage.is_held_by_another ? fmt::format(" for {} s", kHeldPatienceMs / 1'000) : "";
    print(fmt::format("waits{} for {}, and starts as soon as it can: {} ({})", limit, shortage.what,
                      message, shortage.help));
  }
  void print(const std::string& message) const {
    std::cerr << program_ + ": " + printable(message) + "\n" << std::flush;
  }

  const std::string program_;
  const Clock& clock_;
  std::optional<int64_t> since_ms_;
  int cause_ = 0;
  int64_t cause_since_ms_ = 0;
  BackOff back_off_{kFirstPauseMs, kLongestPauseMs};
};

using Body = std::function<Result<int>(ServerStart&)>;

Result<int> attempt(const Body& body, Stop& stop, const std::function<void()>& succeeded) {
  try {
    ServerStart start(stop.signal(), succeeded);  // first: a wait must end on SIGTERM
    HAIL_RETURN_IF_ERROR(try_descriptors());
    HAIL_RETURN_IF_ERROR(try_threads());
    return body(start);
  } catch (const std::bad_alloc&) {
    return lacks(ENOMEM);
  } catch (const std::system_error& failure) {
    return Error(StartErrc::unforeseen, failure.what()).caused_by(failure.code().value());
  }
}

/// The exit code after an error that ends the program.
int end_with(const std::string& program, const Error& error, int code) {
  (void)usage_error(program, error.message());
  return code;
}

}  // namespace

int run_server(const std::string& program, const Body& body) {
  constexpr int kRefused = 2;
  constexpr int kNoCleanStop = 1;
  Stop stop;
  const SystemClock clock;
  Wait wait(program, clock);
  while (true) {
    bool has_served = false;
    const auto ended = attempt(body, stop, [&] {
      has_served = true;
      wait.end();
    });
    if (ended.ok()) return *ended;
    const Error& error = ended.error();
    if (has_served && stop.requested()) return end_with(program, error, kNoCleanStop);
    const auto shortage = shortage_of(error.cause());
    if (!shortage) return end_with(program, error, kRefused);
    if (stop.requested()) return 0;
    if (!wait.begin(error, *shortage)) return end_with(program, error, kTryAgain);
    if (stop.wait_for(wait.next_pause_ms())) return 0;
  }
}

}  // namespace hailstorm
