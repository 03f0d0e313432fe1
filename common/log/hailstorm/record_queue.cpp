#include "common/log/hailstorm/record_queue.h"

#include <fmt/format.h>
#include <utility>

namespace hailstorm::log::hail {
namespace {

Error corrupt(const TopicPartition& id, int64_t position, const Error& why) {
  return {LogErrc::corrupt, fmt::format("{}-{}: the batch at offset {} cannot be read: {}",
                                        id.topic, id.partition, position, why.message())};
}

}  // namespace

Result<int64_t> RecordQueue::push(Frame frame) {
  int64_t next_offset = -1;
  for (Bytes rest = frame.bytes; !rest.empty();) {
    // Headers alone: each batch's CRC is checked once, when it is opened.
    HAIL_ASSIGN_OR_RETURN(const auto batch, wire::RecordBatchView::parse_unchecked(rest));
    next_offset = batch.last_offset() + 1;
    rest = rest.subspan(batch.size_bytes());
  }
  if (next_offset < 0) return Error(LogErrc::corrupt, "a fetched frame holds no batch");
  frame_sizes_.push_back(frame.bytes.size());
  size_bytes_ += frame.bytes.size();
  frames_.push_back(std::move(frame));
  return next_offset;
}

Status RecordQueue::open_next_batch(const TopicPartition& id, int64_t position) {
  Frame& frame = frames_.front();
  auto batch = wire::RecordBatchView::parse(frame.bytes);
  if (!batch.ok()) return corrupt(id, position, batch.error());
  frame.bytes = frame.bytes.subspan(batch->size_bytes());
  reader_.emplace(*batch);
  return {};
}

Result<bool> RecordQueue::next(const TopicPartition& id, int64_t position, wire::RecordView& view) {
  while (true) {
    if (!reader_) {
      if (frames_.empty()) return false;
      if (frames_.front().bytes.empty()) {
        size_bytes_ -= frame_sizes_.front();
        frame_sizes_.pop_front();
        frames_.pop_front();
        continue;
      }
      HAIL_RETURN_IF_ERROR(open_next_batch(id, position));
    }
    const auto more = reader_->next(view);
    if (!more.ok()) return corrupt(id, position, more.error());
    if (!*more) {
      reader_.reset();
    } else if (view.offset >= position) {  // a batch is fetched whole, also from its middle
      return true;
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
    visit(view);
    position = view.offset + 1;
    ++taken;
  }
  return taken;
}

}  // namespace hailstorm::log::hail
