#include "common/base/log_line.h"

#include <algorithm>
#include <iterator>

#include "common/base/enum_name.h"
#include "common/base/text.h"

namespace hailstorm {
namespace {

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

fmt::memory_buffer begin_log_line(LogLevel level, std::string_view service,
                                  std::string_view message,
                                  std::initializer_list<LogField> fields) {
  fmt::memory_buffer line;
  fmt::format_to(std::back_inserter(line), "\"level\":\"{}\",\"service\":", enum_name(level));
  append_json_string(line, service);
  fmt::format_to(std::back_inserter(line), ",\"msg\":");
  append_json_string(line, message);
  for (const auto& field : fields) {
    if (field.names_kind) append_field(line, field);
  }
  return line;
}

void append_field(fmt::memory_buffer& line, const LogField& field) {
  fmt::format_to(std::back_inserter(line), ",\"{}\":", field.key);
  if (field.quoted) {
    append_json_string(line, field.value);
  } else {
    line.append(field.value);
  }
}

void append_suppressed(fmt::memory_buffer& line, uint64_t count) {
  fmt::format_to(std::back_inserter(line), ",\"suppressed\":{}", count);
}

}  // namespace hailstorm
