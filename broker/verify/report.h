#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::verify {

/// note: worth knowing, nothing is wrong. mended: the next start puts it right and nothing
/// acknowledged is lost. damaged: the broker or a partition does not open, or records cannot be
/// read.
enum class Severity { note, mended, damaged };
[[nodiscard]] std::string_view name_of(Severity severity);

/// One thing that a report names.
struct Finding {
  Severity severity = Severity::note;
  std::string file;              // its name in the folder; empty: the folder itself
  std::optional<uint64_t> byte;  // where in the file
  std::string what;              // what is wrong
  std::string outcome;           // what the broker's next start does about it, or what that means
};

struct PartitionReport {
  std::string name;  // the folder's: "rides-3"
  bool opens = false;
  std::string refusal;  // the broker's message, where it does not open it
  size_t segments = 0;
  uint64_t batches = 0;
  uint64_t size_bytes = 0;
  int64_t start_offset = 0;
  int64_t end_offset = 0;        // of the next record, after recovery; 0 when it does not open
  std::optional<size_t> groups;  // consumer groups in it, if it is one of the groups' topic
  std::vector<Finding> findings;

  [[nodiscard]] size_t count(Severity severity) const;
};

struct FolderReport {
  bool starts = false;            // the broker starts, although some partitions may not open
  std::vector<Finding> findings;  // of the folder itself
  size_t partitions = 0;
  size_t damaged_partitions = 0;
  uint64_t size_bytes = 0;
  size_t damaged = 0;  // findings, those of the partitions included
  size_t mended = 0;

  void add(const PartitionReport& partition);
  void add(Finding finding);
};

}  // namespace hailstorm::verify
