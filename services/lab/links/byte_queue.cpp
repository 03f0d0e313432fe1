#include "services/lab/links/byte_queue.h"

#include <algorithm>

namespace hailstorm::lab {
namespace {

constexpr size_t kMostMarks = 4'096;    // single bytes do not cost more than so many
constexpr int64_t kSameMarkUs = 500;    // bytes that come so close together wait together
constexpr size_t kKeptBytes = 4 << 10;  // an idle connection holds no more

}  // namespace

void ByteQueue::push(std::string_view bytes, int64_t due_us) {
  if (bytes.empty()) return;
  bytes_.append(bytes);
  if (!marks_.empty()) due_us = std::max(due_us, marks_.back().due_us);
  if (!marks_.empty() && due_us - marks_.back().due_us < kSameMarkUs) {
    marks_.back().count += bytes.size();
    return;
  }
  marks_.push_back({due_us, bytes.size()});
}

void ByteQueue::release(int64_t now_us) {
  while (!marks_.empty() && marks_.front().due_us <= now_us) {
    ready_ += marks_.front().count;
    marks_.pop_front();
  }
}

void ByteQueue::pop(size_t count) {
  first_ += count;
  ready_ -= count;
  if (is_empty()) {
    first_ = 0;
    bytes_.clear();
    if (bytes_.capacity() > kKeptBytes) std::string().swap(bytes_);
  } else if (first_ > kMostBytes / 2) {
    bytes_.erase(0, first_);
    first_ = 0;
  }
}

size_t ByteQueue::room() const {
  const size_t held = bytes_.size() - first_;
  return held >= kMostBytes || marks_.size() >= kMostMarks ? 0 : kMostBytes - held;
}

}  // namespace hailstorm::lab
