#include "broker/cli/record_printer.h"

#include <fmt/format.h>
#include <iostream>
#include <nlohmann/json.hpp>

#include "broker/cli/table.h"
#include "broker/cli/time_text.h"

namespace hailstorm::cli {
namespace {

using nlohmann::json;

json text_or_null(const std::optional<std::string>& text) { return text ? json(*text) : json(); }

std::string to_json_line(const log::ConsumedRecord& record) {
  json headers = json::array();
  for (const auto& [key, value] : record.headers)
    headers.push_back({{"key", key}, {"value", value}});
  const json out = {{"topic", record.topic},
                    {"partition", record.partition},
                    {"offset", record.offset},
                    {"timestamp", time_text(record.timestamp_ms)},
                    {"timestamp_ms", record.timestamp_ms},
                    {"key", text_or_null(record.key)},
                    {"value", text_or_null(record.value)},
                    {"headers", headers}};
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

void RecordPrinter::print(const log::ConsumedRecord& record) {
  if (json_) {
    std::cout << to_json_line(record) << '\n';
    return;
  }
  constexpr const char* kColumns = "{:>9}  {:>9}  {:<24}  {:<20}  {}\n";
  if (!headed_)
    std::cout << fmt::format(fmt::runtime(kColumns), "PARTITION", "OFFSET", "TIME", "KEY", "VALUE");
  headed_ = true;
  std::cout << fmt::format(
      fmt::runtime(kColumns), record.partition, record.offset, time_text(record.timestamp_ms),
      record.key ? printable(*record.key) : "-", record.value ? printable(*record.value) : "-");
}

bool RecordPrinter::flush() { return static_cast<bool>(std::cout.flush()); }

}  // namespace hailstorm::cli
