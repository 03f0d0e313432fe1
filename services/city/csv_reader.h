#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "common/base/result.h"
#include "services/city/csv.h"
#include "services/city/input_file.h"

namespace hailstorm::city {

/// The records of a CSV file, one after the other. Holds little more than one record at a time,
/// however long the file and its lines are.
///
/// Thread safety: not safe.
class CsvReader {
 public:
  /// Reads the file's start: a byte order mark, and a line "sep=;" that names the separator. Errors
  /// of InputFile; unknown_format: it is no text, but compressed, UTF-16 or the like.
  [[nodiscard]] static Result<CsvReader> open(const std::string& name, InputOptions options);

  /// The next record that is not blank; nothing: the end. Errors of InputFile.
  [[nodiscard]] Result<std::optional<CsvRecord>> next();
  /// As next(), but it stays the next.
  [[nodiscard]] Result<std::optional<CsvRecord>> peek();

  /// The file has a line "sep=…".
  [[nodiscard]] bool names_separator() const { return names_separator_; }
  [[nodiscard]] char separator() const { return separator_; }
  void set_separator(char separator) { separator_ = separator; }

 private:
  CsvReader(std::string name, std::unique_ptr<InputFile> input)
      : name_(std::move(name)), input_(std::move(input)) {}
  [[nodiscard]] Status read_start();
  void take_separator_line();
  [[nodiscard]] Status fill();
  [[nodiscard]] Status take(const CsvRecord& record);
  [[nodiscard]] Status skip_rest_of_line();
  [[nodiscard]] std::string_view rest() const { return std::string_view(buffer_).substr(at_); }

  std::string name_;
  std::unique_ptr<InputFile> input_;
  std::string buffer_;
  size_t at_ = 0;
  bool ended_ = false;
  int64_t line_ = 1;
  char separator_ = ',';
  bool names_separator_ = false;
};

}  // namespace hailstorm::city
