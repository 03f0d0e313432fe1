#include "common/log/hailstorm/record_queue.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace hailstorm::log::hail {
namespace {

Error corrupt(const TopicPartition& id, int64_t position, const Error& why) {
  return {LogErrc::corrupt, fmt::format("{}-{}: the batch at offset {} cannot be read: {}",
                                        id.topic, id.partition, position, why.message())};
}

/// Of a batch that was asked for from `from` on. A batch whose end is not known is passed an offset
/// at a time, for as long as it is what the broker has there.
int64_t last_offset_of(const wire::BatchPlace& place, int64_t from) {
  return place.knows_last_offset ? place.last_offset : std::max(place.first_offset, from);
}

}  // namespace

Result<int64_t> RecordQueue::push(Frame frame, int64_t from) {
  int64_t next_offset = -1;
  for (Bytes rest = frame.bytes; !rest.empty();) {
    // Headers alone: each batch's CRC is checked once, when it is opened.
    HAIL_ASSIGN_OR_RETURN(const auto place, wire::place_of_batch(rest));
    next_offset = last_offset_of(place, from) + 1;
    rest = rest.subspan(place.size_bytes);
  }
  if (next_offset < 0) return Error(LogErrc::corrupt, "a fetched frame holds no batch");
  frame_sizes_.push_back(frame.bytes.size());
  size_bytes_ += frame.bytes.size();
  frames_.push_back(std::move(frame));
  return next_offset;
}

bool RecordQueue::show_place(int64_t first_offset, int64_t last_offset, const Error& why,
                             int64_t position, wire::RecordView& view) {
  if (last_offset < position) return false;
  undecodable_ = {last_offset, why.message()};
  view = {};
  view.offset = first_offset;
  view.timestamp_ms = -1;
  return true;
}

Result<bool> RecordQueue::open_next_batch(const TopicPartition& id, int64_t position,
                                          wire::RecordView& view) {
  const Bytes bytes = frames_.front().bytes;
  const auto batch = wire::RecordBatchView::parse(bytes);
  const auto place = wire::place_of_batch(bytes);
  const bool is_damaged = !place.ok() || (place->knows_last_offset && !wire::is_whole_batch(bytes));
  if (!batch.ok() && is_damaged) return corrupt(id, position, batch.error());
  frames_.front().bytes = bytes.subspan(place->size_bytes);
  if (!batch.ok()) {
    return show_place(place->first_offset, last_offset_of(*place, position), batch.error(),
                      position, view);
  }
  reader_.emplace(*batch);
  last_offset_ = batch->last_offset();
  return false;
}

Result<bool> RecordQueue::next(const TopicPartition& id, int64_t position, wire::RecordView& view) {
  undecodable_.reset();
  while (true) {
    if (reader_) {
      const int64_t offset = reader_->next_offset();
      const auto more = reader_->next(view);
      if (more.ok() && *more) {
        if (view.offset >= position) return true;  // a batch is fetched whole, also from its middle
        continue;
      }
      reader_.reset();
      if (more.ok()) continue;
      if (show_place(offset, last_offset_, more.error(), position, view)) return true;
    } else if (frames_.empty()) {
      return false;
    } else if (frames_.front().bytes.empty()) {
      size_bytes_ -= frame_sizes_.front();
      frame_sizes_.pop_front();
      frames_.pop_front();
    } else {
      HAIL_ASSIGN_OR_RETURN(const bool is_place, open_next_batch(id, position, view));
      if (is_place) return true;
    }
  }
}

Result<size_t> RecordQueue::take(const TopicPartition& id, size_t max, int64_t& position,
                                 const Visitor& visit) {
  wire::RecordView view;
  size_t taken = 0;
  while (taken < max) {
    const auto more = next(id, position, view);
    if (!more.ok() && taken == 0) return more.error();
    if (!more.ok() || !*more) break;
    const Undecodable* const undecodable = undecodable_ ? &*undecodable_ : nullptr;
    visit(view, undecodable);
    position = offset_after(view.offset, undecodable);
    ++taken;
  }
  return taken;
}

}  // namespace hailstorm::log::hail
