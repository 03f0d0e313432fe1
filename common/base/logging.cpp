#include "common/base/logging.h"

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <memory>
#include <mutex>
#include <optional>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <stop_token>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/base/enum_name.h"
#include "common/base/error_file.h"
#include "common/base/log_limit.h"
#include "common/base/log_line.h"

namespace hailstorm {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

/// Standard error, perhaps as a file of bounded size. Safe from any thread.
class ErrorSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  void use(ErrorFile file) {
    const std::lock_guard lock(mutex_);
    file_.emplace(std::move(file));
    file_->make_room(1);
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    if (file_) file_->make_room(line.size());
    std::string_view rest(line.data(), line.size());
    while (!rest.empty()) {
      const ssize_t count = ::write(STDERR_FILENO, rest.data(), rest.size());
      if (count < 0 && errno != EINTR) return;  // nowhere to say so
      if (count > 0) rest.remove_prefix(static_cast<size_t>(count));
    }
  }
  void flush_() override {}

 private:
  std::optional<ErrorFile> file_;
};

struct State {
  std::string service = "hailstorm";
  std::shared_ptr<ErrorSink> sink = std::make_shared<ErrorSink>();
  std::shared_ptr<spdlog::logger> logger;
};

State& state() {
  static State instance;
  return instance;
}

spdlog::logger& logger() {
  static std::once_flag made;
  std::call_once(made, [] {
    auto created = std::make_shared<spdlog::logger>("hailstorm", state().sink);
    created->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "{\"ts\":\"%Y-%m-%dT%H:%M:%S.%eZ\",%v}", spdlog::pattern_time_type::utc));
    state().logger = std::move(created);
  });
  return *state().logger;
}

std::string_view text_of(const fmt::memory_buffer& line) { return {line.data(), line.size()}; }

void emit(LogLevel level, const fmt::memory_buffer& line) {
  logger().log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

/// Decides which warnings are written, and writes the counts of those that were not. Its thread
/// starts with the first one that is held back.
class Warnings {
 public:
  Warnings() { logger(); }  // which so outlives this object
  ~Warnings() {
    writer_ = {};  // stops and joins
    write_counts(limit_.take_all());
  }
  Warnings(const Warnings&) = delete;
  Warnings& operator=(const Warnings&) = delete;

  void begin_again() {
    write_counts(limit_.take_all());
    limit_.forget();
  }

  std::optional<uint64_t> admit(std::string_view kind) {
    const auto suppressed = limit_.admit(kind);
    if (!suppressed) start_writer();
    return suppressed;
  }

 private:
  void start_writer() {
    const std::lock_guard lock(mutex_);
    if (writer_.joinable()) return;
    // Signals are for the program's own threads.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      writer_ = std::jthread([this](const std::stop_token& stop) { write_until(stop); });
    } catch (const std::system_error&) {
      // No more threads now: the next warning that is held back tries again.
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void write_until(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    const std::chrono::milliseconds pause(LogLimit::kEveryMs);
    while (!stopped.wait_for(lock, stop, pause, [&] { return stop.stop_requested(); })) {
      write_counts(limit_.take_due());
    }
  }

  static void write_counts(const std::vector<LogLimit::HeldBack>& all) {
    for (const auto& [kind, count] : all) {
      fmt::memory_buffer line;
      if (kind.empty())
        line = begin_log_line(LogLevel::warn, state().service, "warnings of other kinds", {});
      line.append(kind);
      append_suppressed(line, count);
      emit(LogLevel::error, line);  // its own level is in its text; both are enabled
    }
  }

  const SystemClock clock_;
  LogLimit limit_{clock_};
  std::mutex mutex_;
  std::jthread writer_;
};

Warnings& warnings() {
  static Warnings instance;
  return instance;
}

}  // namespace

void init_logging(std::string_view service, LogLevel least) {
  warnings().begin_again();
  state().service = std::string(service);
  logger().set_level(to_spdlog(least));
}

Status log_to_file(const std::string& path, int64_t max_bytes) {
  HAIL_ASSIGN_OR_RETURN(auto file, ErrorFile::begin(path, max_bytes));
  state().sink->use(std::move(file));
  return {};
}

LogLevel log_level_from(std::string_view name) {
  for (const auto level : {LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error}) {
    if (name == enum_name(level)) return level;
  }
  HAIL_CHECK(false);
}

void write_log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (!logger().should_log(to_spdlog(level))) return;
  auto line = begin_log_line(level, state().service, message, fields);
  uint64_t suppressed = 0;
  if (level >= LogLevel::warn) {
    const auto admitted = warnings().admit(text_of(line));
    if (!admitted) return;
    suppressed = *admitted;
  }
  for (const auto& field : fields) {
    if (!field.names_kind) append_field(line, field);
  }
  if (suppressed > 0) append_suppressed(line, suppressed);
  emit(level, line);
}

}  // namespace hailstorm
