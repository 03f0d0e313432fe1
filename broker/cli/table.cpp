#include "broker/cli/table.h"

#include <algorithm>
#include <fmt/format.h>

#include "common/base/text.h"

namespace hailstorm::cli {
namespace {

bool is_number(const std::string& cell) {
  return cell == "-" ||
         (!cell.empty() && cell.find_first_not_of("-0123456789") == std::string::npos);
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = printable(cell);
  rows_.push_back(std::move(cells));
}

std::string Table::render() const {
  const size_t columns = rows_.front().size();
  std::vector<size_t> widths(columns, 0);
  std::vector<bool> right(columns, rows_.size() > 1);
  for (const auto& row : rows_) {
    for (size_t i = 0; i < columns; ++i) {
      widths[i] = std::max(widths[i], column_count(row[i]));
      if (&row != &rows_.front() && !is_number(row[i])) right[i] = false;
    }
  }
  std::string out;
  for (const auto& row : rows_) {
    std::string line;
    for (size_t i = 0; i < columns; ++i) {
      const std::string space(widths[i] - column_count(row[i]), ' ');
      line += right[i] ? space + row[i] : row[i] + space;
      if (i + 1 < columns) line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

std::string size_text(int64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double size = static_cast<double>(bytes);
  const char* const units[] = {"KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  for (size /= 1024; size >= 1024 && unit + 1 < std::size(units); size /= 1024) ++unit;
  return fmt::format("{:.1f} {}", size, units[unit]);
}

std::string counted(int64_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace hailstorm::cli
