#include "broker/cli/record_printer.h"

#include <fmt/format.h>
#include <iostream>
#include <unistd.h>

#include "broker/cli/record_json.h"
#include "broker/cli/value_text.h"
#include "common/base/time_text.h"

namespace hailstorm::cli {

RecordStyle style_for_output(bool wants_json) {
  if (wants_json) return RecordStyle::json;
  return ::isatty(STDOUT_FILENO) == 1 ? RecordStyle::blocks : RecordStyle::columns;
}

std::string record_block(const log::ConsumedRecord& record) {
  std::string out =
      fmt::format("{}-{} @ {}  {}  key {}\n", printable(record.topic), record.partition,
                  record.offset, time_text(record.timestamp_ms), line_text(record.key));
  for (const auto& [key, value] : record.headers)
    out += fmt::format("  {}: {}\n", printable(key), line_text(value));
  return out + block_text(record.value, "  ") + '\n';
}

void RecordPrinter::print_columns(const log::ConsumedRecord& record) {
  constexpr const char* kColumns = "{:>9}  {:>9}  {:<24}  {:<20}  {}{}\n";
  if (!headed_)
    std::cout << fmt::format(fmt::runtime(kColumns), "PARTITION", "OFFSET", "TIME", "KEY", "VALUE",
                             "  HEADERS");
  headed_ = true;
  std::string headers;
  for (const auto& [key, value] : record.headers)
    headers += fmt::format("  {}={}", printable(key), line_text(value));
  std::cout << fmt::format(fmt::runtime(kColumns), record.partition, record.offset,
                           time_text(record.timestamp_ms), line_text(record.key),
                           line_text(record.value), headers);
}

void RecordPrinter::print(const log::ConsumedRecord& record) {
  switch (style_) {
    case RecordStyle::json:
      std::cout << to_json_line(record) << '\n';
      return;
    case RecordStyle::columns:
      return print_columns(record);
    case RecordStyle::blocks:
      std::cout << record_block(record);
  }
}

bool RecordPrinter::flush() { return static_cast<bool>(std::cout.flush()); }

}  // namespace hailstorm::cli
