#include "broker/storage/segments.h"

#include <algorithm>
#include <utility>

namespace hailstorm::storage {

Segments::Segments(std::vector<std::unique_ptr<Segment>> segments)
    : segments_(std::move(segments)) {
  for (const auto& segment : segments_)
    size_bytes_ += static_cast<int64_t>(segment->extent().size_bytes);
}

size_t Segments::number_of(int64_t offset) const {
  const auto after = std::upper_bound(
      segments_.begin(), segments_.end(), offset,
      [](int64_t wanted, const auto& segment) { return wanted < segment->extent().base_offset; });
  return static_cast<size_t>(after - segments_.begin()) - 1;
}

size_t Segments::count_before(int64_t offset) const {
  size_t number = 0;
  while (number + 1 < count() && extent(number).end_offset <= offset) ++number;
  return number;
}

Result<std::shared_ptr<File>> Segments::file_of(size_t number) {
  const int64_t base = extent(number).base_offset;
  if (open_base_ >= 0 && open_base_ != base) {
    for (const auto& segment : segments_) {
      if (segment->extent().base_offset == open_base_ && segment != segments_.back())
        segment->close_file();
    }
  }
  open_base_ = number + 1 < count() ? base : -1;
  return at(number).file();
}

Status Segments::append(Bytes batch, const BatchHeader& header) {
  HAIL_RETURN_IF_ERROR(active().append(batch, header));
  size_bytes_ += static_cast<int64_t>(header.size_bytes);
  return {};
}

void Segments::roll(std::unique_ptr<Segment> next) {
  active().close_indexes();
  active().drop_indexes();
  active().close_file();
  segments_.push_back(std::move(next));
}

void Segments::replace(size_t number, size_t count, std::unique_ptr<Segment> next) {
  for (size_t i = number; i < number + count; ++i) {
    size_bytes_ -= static_cast<int64_t>(extent(i).size_bytes);
    if (extent(i).base_offset == open_base_) open_base_ = -1;
  }
  size_bytes_ += static_cast<int64_t>(next->extent().size_bytes);
  const auto first = segments_.begin() + static_cast<std::ptrdiff_t>(number);
  segments_.erase(first + 1, first + static_cast<std::ptrdiff_t>(count));
  segments_[number] = std::move(next);
}

Status Segments::remove_before(int64_t offset) {
  while (count_before(offset) > 0) {
    HAIL_RETURN_IF_ERROR(at(0).remove_files());
    size_bytes_ -= static_cast<int64_t>(extent(0).size_bytes);
    segments_.erase(segments_.begin());
  }
  return {};
}

}  // namespace hailstorm::storage
