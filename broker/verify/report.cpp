#include "broker/verify/report.h"

#include <algorithm>
#include <utility>

#include "common/base/enum_name.h"

namespace hailstorm::verify {

std::string_view name_of(Severity severity) { return enum_name(severity); }

size_t PartitionReport::count(Severity severity) const {
  return static_cast<size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [=](const Finding& finding) { return finding.severity == severity; }));
}

void FolderReport::add(const PartitionReport& partition) {
  ++partitions;
  size_bytes += partition.size_bytes;
  const size_t hurt = partition.count(Severity::damaged);
  if (hurt > 0) ++damaged_partitions;
  damaged += hurt;
  mended += partition.count(Severity::mended);
}

void FolderReport::add(Finding finding) {
  if (finding.severity == Severity::damaged) ++damaged;
  if (finding.severity == Severity::mended) ++mended;
  findings.push_back(std::move(finding));
}

}  // namespace hailstorm::verify
