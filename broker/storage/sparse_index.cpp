#include "broker/storage/sparse_index.h"

#include "broker/storage/whole_file.h"

namespace hailstorm::storage {

void OffsetEntry::put(uint8_t* at) const noexcept {
  put_be(at, offset);
  put_be(at + 4, position);
}

OffsetEntry OffsetEntry::get(const uint8_t* at) noexcept {
  return {get_be<uint32_t>(at), get_be<uint32_t>(at + 4)};
}

void TimeEntry::put(uint8_t* at) const noexcept {
  put_be(at, timestamp_ms);
  put_be(at + 8, offset);
}

TimeEntry TimeEntry::get(const uint8_t* at) noexcept {
  return {get_be<int64_t>(at), get_be<uint32_t>(at + 8)};
}

template <class Entry>
void SparseIndex<Entry>::cut(size_t count) {
  if (count >= entries_.size()) return;
  entries_.resize(count);
  saved_ = 0;  // the file holds too much: it is written again
}

template <class Entry>
Status SparseIndex<Entry>::save(FileSystem& files, const std::string& path) {
  std::vector<uint8_t> bytes(unsaved() * Entry::kBytes);
  for (size_t i = saved_; i < entries_.size(); ++i)
    entries_[i].put(bytes.data() + (i - saved_) * Entry::kBytes);
  const uint64_t position = saved_ * Entry::kBytes;
  saved_ = 0;
  HAIL_ASSIGN_OR_RETURN(const auto file, files.open(path, FileSystem::Mode::create));
  HAIL_RETURN_IF_ERROR(file->truncate(position));
  HAIL_RETURN_IF_ERROR(file->write_at(position, bytes));
  saved_ = entries_.size();
  return {};
}

template <class Entry>
void SparseIndex<Entry>::load(FileSystem& files, const std::string& path) {
  entries_.clear();
  saved_ = 0;
  const auto bytes = read_file(files, path);
  if (!bytes.ok() || bytes->size() % Entry::kBytes != 0) return;
  for (size_t at = 0; at < bytes->size(); at += Entry::kBytes) {
    const Entry entry = Entry::get(bytes->data() + at);
    if (!entries_.empty() && !entries_.back().before(entry)) {
      entries_.clear();
      return;
    }
    entries_.push_back(entry);
  }
  saved_ = entries_.size();
}

template class SparseIndex<OffsetEntry>;
template class SparseIndex<TimeEntry>;

}  // namespace hailstorm::storage
