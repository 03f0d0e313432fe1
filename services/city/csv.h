#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::city {

/// The longest record, its line end included; what is longer is no row of a CSV file.
inline constexpr size_t kMostRecordBytes = 64 << 10;
/// Line ends within quotes belong to a field, but no more of them in one record: quotes that never
/// end must not take the rows after them.
inline constexpr int64_t kMostLineEnds = 100;

struct CsvRecord {
  std::vector<std::string> fields;
  std::string problem;        // why it is no record; empty: it is one
  int64_t line = 0;           // where it begins in the file, from 1; the reader knows
  size_t bytes = 0;           // that it takes of the text, its line end included
  int64_t lines = 0;          // how many of the text's lines end within it
  bool line_goes_on = false;  // its line is longer than the limit, and ends after `bytes`
};

/// The first record of `text`, RFC 4180: fields with or without quotes; within quotes a doubled
/// quote is one, and separators and line ends are the field's own. Lines end with LF, CR LF or CR.
/// Where quotes do not end, the first line alone is the record, with a problem.
/// REQUIRES: `text` is not empty, and is all that is left of the file or longer than
/// kMostRecordBytes.
[[nodiscard]] CsvRecord first_record(std::string_view text, char separator);

/// The bytes of the line end that `text` begins with: LF, CR LF or CR; 0: it begins with none.
[[nodiscard]] size_t line_end_bytes(std::string_view text);

/// Without blanks and tabs at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// The whole text as a finite number.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

/// A field as a message may show it: on any terminal, in any JSON, never long.
[[nodiscard]] std::string shown(std::string_view field);

}  // namespace hailstorm::city
