#pragma once

#include <string>
#include <vector>

#include "broker/storage/batch_header.h"
#include "broker/storage/sparse_index.h"
#include "broker/verify/report.h"

namespace hailstorm::verify {

/// Holds both indexes of one segment against its batches, as the broker does before it believes an
/// entry. Whatever is wrong with an index, the broker makes it again from the log.
///
/// Thread safety: not safe.
class IndexCheck {
 public:
  IndexCheck(storage::FileSystem& files, const std::string& folder, int64_t base_offset);

  /// Every batch of the segment, in order.
  void visit(const storage::BatchHeader& header, uint64_t position);
  /// REQUIRES: visit() was given all of a sound segment. `is_growing`: of the last segment the
  /// newest entries may not be written yet.
  [[nodiscard]] std::vector<Finding> finish(bool is_growing) const;

 private:
  template <class Entry>
  struct Index {
    std::string name;
    bool is_there = false;
    bool is_garbled = false;  // bytes, but no entries
    std::vector<Entry> entries;
    size_t checked = 0;  // so many agree with the batches seen
  };
  template <class Entry>
  [[nodiscard]] Index<Entry> load(storage::FileSystem& files, const std::string& folder,
                                  std::string_view suffix) const;
  template <class Entry>
  void check(const Index<Entry>& index, bool is_growing, std::vector<Finding>& findings) const;

  int64_t base_offset_;
  Index<storage::OffsetEntry> offsets_;
  Index<storage::TimeEntry> times_;
  uint64_t last_position_ = 0;
};

}  // namespace hailstorm::verify
