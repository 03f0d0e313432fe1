#include "broker/verify/check_indexes.h"

#include <fmt/format.h>

#include "broker/storage/file_names.h"

namespace hailstorm::verify {

using storage::OffsetEntry;
using storage::SparseIndex;
using storage::TimeEntry;
namespace file_names = storage::file_names;

template <class Entry>
IndexCheck::Index<Entry> IndexCheck::load(storage::FileSystem& files, const std::string& folder,
                                          std::string_view suffix) const {
  Index<Entry> index;
  index.name = file_names::segment_file(base_offset_, suffix);
  const std::string path = folder + "/" + index.name;
  index.is_there = files.exists(path);
  if (!index.is_there) return index;
  SparseIndex<Entry> loaded;
  loaded.load(files, path);
  index.entries = loaded.entries();
  if (!index.entries.empty()) return index;
  const auto file = files.open(path, storage::FileSystem::Mode::read);
  const auto size = file.ok() ? (*file)->size() : Result<uint64_t>(file.error());
  index.is_garbled = !size.ok() || *size > 0;
  return index;
}

IndexCheck::IndexCheck(storage::FileSystem& files, const std::string& folder, int64_t base_offset)
    : base_offset_(base_offset),
      offsets_(load<OffsetEntry>(files, folder, file_names::kOffsetIndex)),
      times_(load<TimeEntry>(files, folder, file_names::kTimeIndex)) {}

void IndexCheck::visit(const storage::BatchHeader& header, uint64_t position) {
  last_position_ = position;
  const auto relative = header.last_offset - base_offset_;
  if (offsets_.checked < offsets_.entries.size()) {
    const OffsetEntry& next = offsets_.entries[offsets_.checked];
    if (next.position == position && next.offset == relative) ++offsets_.checked;
  }
  if (times_.checked < times_.entries.size()) {
    const TimeEntry& next = times_.entries[times_.checked];
    if (next.offset == relative && next.timestamp_ms == header.max_timestamp_ms) ++times_.checked;
  }
}

template <class Entry>
void IndexCheck::check(const Index<Entry>& index, bool is_growing,
                       std::vector<Finding>& findings) const {
  std::optional<uint64_t> byte;
  std::string what;
  if (!index.is_there) {
    what = "is missing";
  } else if (index.is_garbled) {
    what = "is no index";
  } else if (index.checked < index.entries.size()) {
    byte = index.checked * Entry::kBytes;
    what = "an entry that no batch of the log bears out";
  } else if (index.entries.empty() && !is_growing &&
             last_position_ > storage::kIndexIntervalBytes) {
    what = "is empty";
  } else {
    return;
  }
  findings.push_back({Severity::mended, index.name, byte, what,
                      "the broker makes the index again from the log when it needs it"});
}

std::vector<Finding> IndexCheck::finish(bool is_growing) const {
  std::vector<Finding> findings;
  check(offsets_, is_growing, findings);
  check(times_, is_growing, findings);
  return findings;
}

}  // namespace hailstorm::verify
