#include "services/city/skipped_rows.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <utility>

#include "common/base/enum_name.h"

namespace hailstorm::city {
namespace {

constexpr size_t kMostKept = 10;

std::string in_words(SkipReason reason) {
  switch (reason) {
    case SkipReason::unreadable:
      return "unreadable";
    case SkipReason::at_zero:
      return "at 0/0";
    case SkipReason::too_far:
      return fmt::format("more than {} km from the file's median point", kMostKmFromMedian);
    case SkipReason::other_time:
      return fmt::format("more than {} days from its median time", kMostDaysFromMedian);
  }
  return "unknown";
}

}  // namespace

std::string_view name_of(SkipReason reason) { return enum_name(reason); }

void SkippedRows::add(SkipReason reason, int64_t line, std::string why) {
  const auto at = static_cast<size_t>(reason);
  ++counts_[at];
  if (first_[at].size() < kMostKept) first_[at].push_back({line, std::move(why)});
}

int64_t SkippedRows::count() const {
  return std::accumulate(counts_.begin(), counts_.end(), int64_t{0});
}

std::vector<SkippedRow> SkippedRows::first() const {
  std::vector<SkippedRow> rows;
  for (const auto& some : first_) rows.insert(rows.end(), some.begin(), some.end());
  std::sort(rows.begin(), rows.end(),
            [](const SkippedRow& a, const SkippedRow& b) { return a.line < b.line; });
  if (rows.size() > kMostKept) rows.resize(kMostKept);
  return rows;
}

std::string SkippedRows::text() const {
  std::string reasons;
  for (const SkipReason reason : kSkipReasons) {
    if (count(reason) == 0) continue;
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", count(reason), in_words(reason));
  }
  return fmt::format("{} skipped{}", count(), reasons.empty() ? "" : " (" + reasons + ")");
}

json::Value SkippedRows::to_json() const {
  json::Value counts = json::Value::object();
  for (const SkipReason reason : kSkipReasons) {
    counts.add(std::string(name_of(reason)), count(reason));
  }
  return counts;
}

}  // namespace hailstorm::city
