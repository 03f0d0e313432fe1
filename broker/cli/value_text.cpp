#include "broker/cli/value_text.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>

namespace hailstorm::cli {
namespace {

constexpr size_t kMaxDepth = 64;
constexpr size_t kMaxTextBytes = 64 << 10;
constexpr size_t kMaxHexBytes = 512;
constexpr size_t kHexRowBytes = 16;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// JSON, and an object or an array.
bool is_json_container(std::string_view bytes) {
  const auto first = std::find_if_not(bytes.begin(), bytes.end(), is_blank);
  if (first == bytes.end() || (*first != '{' && *first != '[')) return false;
  return json::is_json(bytes);
}

/// Writes the tokens of JSON with other white space between them.
class JsonLayout {
 public:
  JsonLayout(std::string_view json, bool is_pretty) : json_(json), is_pretty_(is_pretty) {}

  std::optional<std::string> render() {
    for (size_t i = 0; i < json_.size(); ++i) {
      const char c = json_[i];
      if (is_blank(c)) continue;
      if (c == '"') {
        const size_t end = end_of_string(i);
        out_ += json_.substr(i, end - i);
        i = end - 1;
      } else if (!structure(i)) {
        return std::nullopt;
      }
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] size_t end_of_string(size_t begin) const {
    size_t i = begin + 1;
    while (json_[i] != '"') i += json_[i] == '\\' ? 2 : 1;
    return i + 1;
  }
  void new_line() {
    if (!is_pretty_) return;
    out_ += '\n';
    out_.append(2 * depth_, ' ');
  }
  /// False: too deep.
  bool structure(size_t& i) {
    const char c = json_[i];
    out_ += c;
    if (c == '{' || c == '[') {
      const size_t next = json_.find_first_not_of(" \t\r\n", i + 1);
      if (json_[next] == '}' || json_[next] == ']') {  // stays closed
        out_ += json_[next];
        i = next;
        return true;
      }
      if (++depth_ > kMaxDepth) return false;
      new_line();
    } else if (c == ',') {
      new_line();
    } else if (c == ':' && is_pretty_) {
      out_ += ' ';
    } else if (c == '}' || c == ']') {
      out_.pop_back();
      --depth_;
      new_line();
      out_ += c;
    }
    return true;
  }

  std::string_view json_;
  bool is_pretty_;
  std::string out_;
  size_t depth_ = 0;
};

std::string hex_rows(std::string_view bytes, std::string_view indent) {
  std::string out = fmt::format("{}binary, {} bytes\n", indent, bytes.size());
  const std::string_view shown = bytes.substr(0, kMaxHexBytes);
  for (size_t i = 0; i < shown.size(); i += kHexRowBytes) {
    const std::string_view row = shown.substr(i, kHexRowBytes);
    std::string hex;
    std::string characters;
    for (const char c : row) {
      const auto byte = static_cast<uint8_t>(c);
      hex += fmt::format("{:02x} ", byte);
      characters += byte >= 0x20 && byte < 0x7f ? c : '.';
    }
    out += fmt::format("{}{:06x}  {:<{}} {}\n", indent, i, hex, 3 * kHexRowBytes, characters);
  }
  if (shown.size() < bytes.size())
    out +=
        fmt::format("{}… {} more bytes; --json shows all\n", indent, bytes.size() - shown.size());
  return out;
}

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out += indent;
    out += printable(line);
    out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

bool is_text(std::string_view bytes) {
  while (!bytes.empty()) {
    const Character character = first_character(bytes);
    if (character.bytes == 0) return false;
    const char32_t code = character.code;
    if (is_control(code) && code != '\n' && code != '\r' && code != '\t') return false;
    bytes.remove_prefix(character.bytes);
  }
  return true;
}

std::optional<std::string> compact_json(std::string_view bytes) {
  return is_json_container(bytes) ? JsonLayout(bytes, false).render() : std::nullopt;
}

std::optional<std::string> pretty_json(std::string_view bytes) {
  return is_json_container(bytes) ? JsonLayout(bytes, true).render() : std::nullopt;
}

std::string line_text(const std::optional<std::string_view>& bytes) {
  if (!bytes) return "(null)";
  if (bytes->empty()) return "(empty)";
  const auto json = compact_json(*bytes);
  return printable(json ? *json : *bytes);
}

std::string block_text(const std::optional<std::string_view>& bytes, std::string_view indent) {
  if (!bytes || bytes->empty()) return fmt::format("{}{}\n", indent, line_text(bytes));
  if (bytes->size() <= kMaxTextBytes) {
    if (const auto json = pretty_json(*bytes)) return indented(*json, indent);
  }
  if (!is_text(*bytes)) return hex_rows(*bytes, indent);
  std::string out = indented(bytes->substr(0, kMaxTextBytes), indent);
  if (bytes->size() > kMaxTextBytes)
    out +=
        fmt::format("{}… {} more bytes; --json shows all\n", indent, bytes->size() - kMaxTextBytes);
  return out;
}

}  // namespace hailstorm::cli
