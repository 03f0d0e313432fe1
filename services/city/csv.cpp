#include "services/city/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace hailstorm::city {
namespace {

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

/// Reads one record of a text. Thread safety: not safe.
class RecordParser {
 public:
  RecordParser(std::string_view text, char separator)
      : text_(text), limit_(std::min(text.size(), kMostRecordBytes)), separator_(separator) {}

  CsvRecord parse() {
    record_.fields.emplace_back();
    while (at_ < limit_) {
      if (is_line_end(text_[at_]) && !quoted_) return end_line();
      if (!(quoted_ ? take_quoted() : take_plain())) return first_line_alone();
    }
    if (quoted_ || limit_ < text_.size()) return first_line_alone();
    record_.bytes = limit_;
    record_.lines += 1;
    return std::move(record_);
  }

 private:
  CsvRecord end_line() {
    record_.bytes = at_ + line_end_bytes(text_.substr(at_));
    record_.lines += 1;
    return std::move(record_);
  }

  /// False: the quotes hold more line ends than a record may.
  bool take_quoted() {
    const char c = text_[at_++];
    const bool doubled = c == '"' && at_ < limit_ && text_[at_] == '"';
    if (c == '"' && !doubled) {
      quoted_ = false;
      return true;
    }
    if (doubled) ++at_;
    field() += c;
    if (c == '\n' || (c == '\r' && text_.substr(at_, 1) != "\n")) record_.lines += 1;
    return record_.lines <= kMostLineEnds;
  }

  bool take_plain() {
    const char c = text_[at_++];
    if (c == separator_) {
      record_.fields.emplace_back();
    } else if (c == '"' && trimmed(field()).empty()) {
      field().clear();
      quoted_ = true;
    } else {
      field() += c;
    }
    return true;
  }

  /// What began is no record: its quotes do not end, or it is too long.
  CsvRecord first_line_alone() {
    const auto* const end = std::find_if(text_.begin(), text_.begin() + limit_, is_line_end);
    CsvRecord line;
    line.fields = std::move(record_.fields);
    line.line_goes_on = end == text_.begin() + limit_ && limit_ < text_.size();
    line.bytes = static_cast<size_t>(end - text_.begin());
    if (line.bytes < limit_) line.bytes += line_end_bytes(text_.substr(line.bytes));
    line.lines = 1;
    line.problem = line.line_goes_on
                       ? fmt::format("is longer than {} bytes", kMostRecordBytes)
                       : fmt::format("has quotes that do not end within {} bytes and {} lines",
                                     kMostRecordBytes, kMostLineEnds);
    return line;
  }

  [[nodiscard]] std::string& field() { return record_.fields.back(); }

  const std::string_view text_;
  const size_t limit_;
  const char separator_;
  CsvRecord record_;
  size_t at_ = 0;
  bool quoted_ = false;
};

}  // namespace

CsvRecord first_record(std::string_view text, char separator) {
  return RecordParser(text, separator).parse();
}

size_t line_end_bytes(std::string_view text) {
  if (text.starts_with("\r\n")) return 2;
  return !text.empty() && is_line_end(text.front()) ? 1 : 0;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::optional<double> parse_number(std::string_view text) {
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

std::string shown(std::string_view field) {
  constexpr size_t kMostShownBytes = 40;
  std::string text(field.substr(0, kMostShownBytes));
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return field.size() > kMostShownBytes ? text + "..." : text;
}

}  // namespace hailstorm::city
