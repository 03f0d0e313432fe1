#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "common/base/error.h"

namespace hailstorm {

enum class LogLevel { debug, info, warn, error };

/// One key of a structured log line and its value as text.
struct LogField {
  LogField(std::string_view k, std::string_view v) : key(k), value(v), quoted(true) {}
  LogField(std::string_view k, const char* v) : LogField(k, std::string_view(v)) {}
  LogField(std::string_view k, const std::string& v) : LogField(k, std::string_view(v)) {}
  LogField(std::string_view k, bool v) : key(k), value(v ? "true" : "false"), quoted(false) {}
  template <class N>
  requires std::integral<N> || std::floating_point<N> LogField(std::string_view k, N v)
      : key(k), value(std::to_string(v)), quoted(false) {}
  LogField(const Error& error) : LogField("error", error.message()) {}  // NOLINT: implicit

  std::string_view key;
  std::string value;
  bool quoted;
  bool names_kind = false;
};

/// Warnings that differ in this field are of distinct kinds: none is held back because of another.
/// For fields of which there are few values, such as the partitions that do not open.
[[nodiscard]] inline LogField distinct_by(LogField field) {
  field.names_kind = true;
  return field;
}

}  // namespace hailstorm
