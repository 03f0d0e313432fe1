#include <algorithm>
#include <fmt/format.h>

#include "broker/sync_record/sync_record.h"

namespace hailstorm::storage {

using Ranges = SyncRecord::Ranges;

Ranges without(const Ranges& ranges, const Ranges& taken) {
  Ranges left;
  for (auto one : ranges) {
    for (const auto& hole : taken) {
      if (hole.end <= one.begin || hole.begin >= one.end) continue;
      if (hole.begin > one.begin) left.push_back({one.begin, hole.begin});
      one.begin = std::min(hole.end, one.end);
    }
    if (one.begin < one.end) left.push_back(one);
  }
  return left;
}

Ranges within(const Ranges& ranges, uint64_t begin, uint64_t end) {
  Ranges inside;
  for (const auto& one : ranges) {
    const SyncRecord::Range part{std::max(one.begin, begin), std::min(one.end, end)};
    if (part.begin < part.end) inside.push_back(part);
  }
  return inside;
}

Ranges with(const Ranges& ranges, SyncRecord::Range more) {
  if (more.begin >= more.end) return ranges;
  Ranges joined;
  for (const auto& one : ranges) {
    if (one.end < more.begin || one.begin > more.end) {
      joined.push_back(one);
    } else {
      more = {std::min(one.begin, more.begin), std::max(one.end, more.end)};
    }
  }
  joined.insert(std::upper_bound(joined.begin(), joined.end(), more,
                                 [](const auto& a, const auto& b) { return a.begin < b.begin; }),
                more);
  return joined;
}

std::string to_text(const Ranges& ranges) {
  if (ranges.empty()) return "-";
  std::string text;
  for (const auto& one : ranges) {
    text += fmt::format("{}{}-{}", text.empty() ? "" : ",", one.begin, one.end);
  }
  return text;
}

}  // namespace hailstorm::storage
