#include "common/base/logging.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <memory>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "common/base/check.h"
#include "common/base/text.h"

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

std::string_view name_of_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warn:
      return "warn";
    case LogLevel::error:
      return "error";
  }
  return "info";
}

struct State {
  std::string service = "hailstorm";
  std::shared_ptr<spdlog::logger> logger;
};

State& state() {
  static State instance;
  return instance;
}

spdlog::logger& logger() {
  static std::once_flag made;
  std::call_once(made, [] {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto created = std::make_shared<spdlog::logger>("hailstorm", sink);
    created->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "{\"ts\":\"%Y-%m-%dT%H:%M:%S.%eZ\",%v}", spdlog::pattern_time_type::utc));
    state().logger = std::move(created);
  });
  return *state().logger;
}

void append_json_string(fmt::memory_buffer& out, std::string_view text) {
  auto sink = std::back_inserter(out);
  out.push_back('"');
  while (!text.empty()) {
    const Character character = first_character(text);
    const size_t count = std::max<size_t>(character.bytes, 1);
    const char c = text.front();
    if (character.bytes == 0) {
      out.append(std::string_view("\xef\xbf\xbd"));
    } else if (is_unprintable(character.code)) {
      fmt::format_to(sink, "\\u{:04x}", static_cast<uint32_t>(character.code));
    } else {
      if (c == '"' || c == '\\') out.push_back('\\');
      out.append(text.substr(0, count));
    }
    text.remove_prefix(count);
  }
  out.push_back('"');
}

}  // namespace

void init_logging(std::string_view service, LogLevel least) {
  state().service = std::string(service);
  logger().set_level(to_spdlog(least));
}

LogLevel log_level_from(std::string_view name) {
  for (const auto level : {LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error}) {
    if (name == name_of_level(level)) return level;
  }
  HAIL_CHECK(false);
}

void write_log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  auto& out_logger = logger();
  if (!out_logger.should_log(to_spdlog(level))) return;
  fmt::memory_buffer line;
  fmt::format_to(std::back_inserter(line), "\"level\":\"{}\",\"service\":", name_of_level(level));
  append_json_string(line, state().service);
  fmt::format_to(std::back_inserter(line), ",\"msg\":");
  append_json_string(line, message);
  for (const auto& field : fields) {
    fmt::format_to(std::back_inserter(line), ",\"{}\":", field.key);
    if (field.quoted) {
      append_json_string(line, field.value);
    } else {
      fmt::format_to(std::back_inserter(line), "{}", field.value);
    }
  }
  out_logger.log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace hailstorm
