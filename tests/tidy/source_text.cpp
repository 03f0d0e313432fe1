#include "tests/tidy/source_text.h"

#include <algorithm>

#include "tests/tidy/tree.h"

namespace hailstorm::tidy {
namespace {

/// The position after the string or character that begins at `quote`.
size_t end_of_literal(std::string_view text, size_t quote) {
  for (size_t at = quote + 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == text[quote] || text[at] == '\n') {
      return at + 1;
    }
  }
  return text.size();
}

/// The position after the raw string whose quote is at `quote`.
size_t end_of_raw_string(std::string_view text, size_t quote) {
  const size_t open = std::min(text.find('(', quote), text.size());
  const std::string close = ")" + std::string(text.substr(quote + 1, open - quote - 1)) + "\"";
  const size_t found = text.find(close, open);
  return found == text.npos ? text.size() : found + close.size();
}

size_t end_of_comment(std::string_view text, size_t at) {
  const std::string_view close = text[at + 1] == '/' ? "\n" : "*/";
  const size_t found = text.find(close, at + 2);
  if (found == text.npos) return text.size();
  return close == "\n" ? found : found + close.size();
}

bool begins_comment(std::string_view rest) {
  return rest.starts_with("//") || rest.starts_with("/*");
}

/// Whether the quote at `at` begins a string or a character, and does not separate digits.
bool begins_literal(std::string_view text, size_t at) {
  if (text[at] == '"') return true;
  return text[at] == '\'' && (at == 0 || !is_identifier_char(text[at - 1]));
}

}  // namespace

SourceText split_source(std::string_view text) {
  std::string blank(text);
  std::ranges::replace_if(
      blank, [](char c) { return c != '\n'; }, ' ');
  SourceText split{blank, blank};
  size_t end = 0;
  for (size_t at = 0; at < text.size(); at = end) {
    end = at + 1;
    if (begins_comment(text.substr(at))) {
      end = end_of_comment(text, at);
      split.comments.replace(at, end - at, text.substr(at, end - at));
    } else if (begins_literal(text, at)) {
      const bool raw = text[at] == '"' && at > 0 && text[at - 1] == 'R';
      end = raw ? end_of_raw_string(text, at) : end_of_literal(text, at);
      split.code[at] = split.code[end - 1] = text[at];
      if (text[end - 1] == '\n') split.code[end - 1] = '\n';
    } else {
      split.code[at] = text[at];
    }
  }
  return split;
}

std::vector<Include> project_includes(std::string_view text) {
  constexpr std::string_view kBegin = "#include \"";
  const std::string code = split_source(text).code;
  std::vector<Include> includes;
  size_t at = code.starts_with(kBegin) ? 0 : code.find("\n#include \"");
  for (size_t line = 1, counted = 0; at < code.size(); at = code.find("\n#include \"", at)) {
    if (code[at] == '\n') ++at;
    line += line_at(code.substr(counted, at - counted), at - counted) - 1;
    counted = at;
    const auto path = text.substr(at + kBegin.size());
    includes.push_back({line, std::string(path.substr(0, path.find('"')))});
  }
  return includes;
}

bool is_identifier_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace hailstorm::tidy
