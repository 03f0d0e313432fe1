#pragma once

#include <string>
#include <vector>

#include "broker/storage/batch_header.h"
#include "broker/storage/sparse_index.h"
#include "broker/verify/report.h"

namespace hailstorm::verify {

/// Compares both indexes of one segment with its batches, as the broker does before it uses an
/// entry. A wrong index is no loss: the broker makes it again from the log.
///
/// Thread safety: not safe.
class IndexCheck {
 public:
  IndexCheck(storage::FileSystem& files, const std::string& folder, int64_t base_offset);

  /// To be called for every batch of the segment, in order.
  void visit(const storage::BatchHeader& header, uint64_t position);
  /// What is wrong with the indexes. `is_growing`: this is the last segment, whose newest entries
  /// may not be written yet. REQUIRES: visit() was called for all batches of a sound segment.
  [[nodiscard]] std::vector<Finding> finish(bool is_growing) const;

 private:
  template <class Entry>
  struct Index {
    std::string name;
    bool is_there = false;
    bool is_garbled = false;  // bytes, but no entries
    std::vector<Entry> entries;
    size_t checked = 0;  // entries that agree with the batches so far
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
