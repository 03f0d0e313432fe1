#include "services/city/csv_reader.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

#include "services/city/errors.h"

namespace hailstorm::city {
namespace {

using namespace std::string_view_literals;

constexpr size_t kReadBytes = 256 << 10;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

struct Magic {
  std::string_view start;
  std::string_view what;
};
constexpr std::string_view kUtf16 =
    "is UTF-16: make it UTF-8 first, e.g. with iconv -f UTF-16 -t UTF-8";
constexpr std::array<Magic, 8> kNoText = {{
    {"\x1f\x8b"sv, "is compressed: read it through a pipe, zcat FILE | ... --trips -"},
    {"BZh"sv, "is compressed: read it through a pipe, bzcat FILE | ... --trips -"},
    {"\xfd"
     "7zXZ"sv,
     "is compressed: read it through a pipe, xzcat FILE | ... --trips -"},
    {"\x28\xb5\x2f\xfd"sv, "is compressed: read it through a pipe, zstdcat FILE | ... --trips -"},
    {"PK\x03\x04"sv, "is a zip archive or a spreadsheet: take the CSV file out of it first"},
    {"PAR1"sv, "is a Parquet file: make a CSV file of it first"},
    {"\xff\xfe"sv, kUtf16},
    {"\xfe\xff"sv, kUtf16},
}};

/// Why a file that begins so cannot be read as text; empty: it may be text.
std::string_view why_no_text(std::string_view start) {
  for (const Magic& magic : kNoText) {
    if (start.starts_with(magic.start)) return magic.what;
  }
  const auto first_line = start.substr(0, start.find('\n'));
  if (first_line.find('\0') == std::string_view::npos) return {};
  return "holds NUL bytes in its first line: it is no text, or UTF-16, which must be made UTF-8";
}

bool is_blank(const CsvRecord& record) {
  return record.problem.empty() && record.fields.size() == 1 && trimmed(record.fields[0]).empty();
}

}  // namespace

Result<CsvReader> CsvReader::open(const std::string& name, InputOptions options) {
  HAIL_ASSIGN_OR_RETURN(auto input, InputFile::open(name, std::move(options)));
  CsvReader reader(name, std::move(input));
  HAIL_RETURN_IF_ERROR(reader.read_start());
  return reader;
}

Status CsvReader::read_start() {
  HAIL_RETURN_IF_ERROR(fill());
  if (rest().empty()) {
    return Error(CityErrc::unknown_format, fmt::format("'{}' is empty", name_));
  }
  if (const auto why = why_no_text(rest()); !why.empty()) {
    return Error(CityErrc::unknown_format, fmt::format("'{}' {}", name_, why));
  }
  if (rest().starts_with(kByteOrderMark)) at_ += kByteOrderMark.size();
  take_separator_line();
  return {};
}

/// "sep=;", as spreadsheets write and read it, perhaps in quotes.
void CsvReader::take_separator_line() {
  const auto line = rest().substr(0, rest().find_first_of("\r\n"));
  std::string text(line);
  std::erase(text, '"');
  constexpr std::string_view kNames[] = {"sep=", "SEP=", "Sep="};
  const bool named =
      text.size() == 5 && std::any_of(std::begin(kNames), std::end(kNames),
                                      [&](auto one) { return text.starts_with(one); });
  if (!named) return;
  separator_ = text.back();
  names_separator_ = true;
  at_ += line.size();
  at_ += line_end_bytes(rest());
  ++line_;
}

Status CsvReader::fill() {
  if (ended_ || rest().size() > kMostRecordBytes) return {};
  buffer_.erase(0, at_);
  at_ = 0;
  while (!ended_ && buffer_.size() <= kMostRecordBytes) {
    const size_t held = buffer_.size();
    buffer_.resize(held + kReadBytes);
    const auto got = input_->read(std::span(buffer_).subspan(held));
    buffer_.resize(held + (got.ok() ? *got : 0));
    if (!got.ok()) return got.error();
    ended_ = *got == 0;
  }
  return {};
}

Result<std::optional<CsvRecord>> CsvReader::peek() {
  for (;;) {
    HAIL_RETURN_IF_ERROR(fill());
    if (rest().empty()) return std::optional<CsvRecord>();
    CsvRecord record = first_record(rest(), separator_);
    record.line = line_;
    if (!is_blank(record)) return std::optional(std::move(record));
    HAIL_RETURN_IF_ERROR(take(record));
  }
}

Result<std::optional<CsvRecord>> CsvReader::next() {
  HAIL_ASSIGN_OR_RETURN(auto record, peek());
  if (record) HAIL_RETURN_IF_ERROR(take(*record));
  return record;
}

Status CsvReader::take(const CsvRecord& record) {
  at_ += record.bytes;
  line_ += record.lines;
  return record.line_goes_on ? skip_rest_of_line() : Status();
}

Status CsvReader::skip_rest_of_line() {
  do {
    HAIL_RETURN_IF_ERROR(fill());
    at_ += std::min(rest().find_first_of("\r\n"), rest().size());
  } while (rest().empty() && !ended_);
  HAIL_RETURN_IF_ERROR(fill());
  at_ += line_end_bytes(rest());
  return {};
}

}  // namespace hailstorm::city
