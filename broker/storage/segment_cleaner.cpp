#include "broker/storage/segment_cleaner.h"

#include <algorithm>
#include <limits>

#include "broker/storage/batch_header.h"
#include "common/base/check.h"
#include "common/wire/record_batch_rewriter.h"

namespace hailstorm::storage {
namespace {

constexpr size_t kWriteBytes = 256 << 10;

int64_t sum_or_most(int64_t a, int64_t b) {
  int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<int64_t>::max() : sum;
}

}  // namespace

SegmentCleaner::SegmentCleaner(FileSystem& files, const std::string& folder, File& file,
                               int64_t base_offset, const CleaningRules& rules)
    : file_(file),
      rules_(rules),
      segment_(std::make_unique<Segment>(files, folder,
                                         SegmentExtent{base_offset, base_offset, 0, -1})) {
  segment_->begin_indexes();
}

bool SegmentCleaner::is_kept(const wire::RecordView& record, bool is_past_horizon) const {
  if (record.offset >= rules_.mapped_end) return true;
  if (!record.key) return false;
  const auto latest = rules_.latest->find(*record.key);
  if (latest && *latest > record.offset) return false;
  return record.value || !is_past_horizon;
}

Result<SegmentCleaner::Counts> SegmentCleaner::count(const wire::RecordBatchView& batch,
                                                     bool is_past_horizon) const {
  Counts counts;
  wire::RecordReader reader(batch);
  for (wire::RecordView record;;) {
    HAIL_ASSIGN_OR_RETURN(const bool is_one, reader.next(record));
    if (!is_one) return counts;
    if (!is_kept(record, is_past_horizon)) continue;
    ++counts.kept;
    if (!record.value) ++counts.kept_without_value;
  }
}

std::vector<uint8_t> SegmentCleaner::rewrite(const wire::RecordBatchView& batch,
                                             bool is_past_horizon, const Counts& counts) const {
  auto horizon_ms = wire::delete_horizon_ms(batch);
  if (!horizon_ms) horizon_ms = sum_or_most(rules_.now_ms, rules_.delete_retention_ms);
  if (counts.kept_without_value == 0) horizon_ms.reset();
  wire::RecordBatchRewriter rewriter(batch, horizon_ms);
  wire::RecordReader reader(batch);
  for (wire::RecordView record;;) {
    const auto more = reader.next(record);
    HAIL_CHECK(more.ok());  // count() has read it all
    if (!*more) return rewriter.finish();
    if (is_kept(record, is_past_horizon)) rewriter.keep(record);
  }
}

Status SegmentCleaner::take(const wire::RecordBatchView& batch) {
  const auto horizon_ms = wire::delete_horizon_ms(batch);
  const bool is_past_horizon = horizon_ms && rules_.now_ms >= *horizon_ms;
  const auto counts = count(batch, is_past_horizon);
  const bool is_known = rules_.known_batches.contains(batch.base_offset());
  if (counts.ok() && counts->kept == 0 && !is_known) {
    const bool is_filler = batch.record_count() == 0 && batch.producer_id() < 0;
    has_changed_ = has_changed_ || !is_filler;  // which is made again
    return {};
  }
  HAIL_RETURN_IF_ERROR(fill_to(batch.base_offset()));
  const bool has_horizon_to_set = counts.ok() && counts->kept_without_value > 0 && !horizon_ms &&
                                  batch.base_offset() < rules_.mapped_end;
  const bool is_as_it_was = !counts.ok() || counts->kept == batch.record_count();
  if (is_as_it_was && !has_horizon_to_set) return put(batch.bytes());
  has_changed_ = true;
  return put(rewrite(batch, is_past_horizon, *counts));
}

Result<std::unique_ptr<Segment>> SegmentCleaner::finish(int64_t end_offset) {
  HAIL_RETURN_IF_ERROR(fill_to(end_offset));
  HAIL_RETURN_IF_ERROR(write_out());
  return std::move(segment_);
}

Status SegmentCleaner::fill_to(int64_t offset) {
  const int64_t from = segment_->extent().end_offset;
  return from == offset ? Status() : put(wire::empty_batch(from, offset - 1));
}

Status SegmentCleaner::put(Bytes batch) {
  const auto header = parse_header(batch);
  HAIL_CHECK(header && header->base_offset == segment_->extent().end_offset);
  segment_->note(*header);
  unwritten_.insert(unwritten_.end(), batch.begin(), batch.end());
  return unwritten_.size() < kWriteBytes ? Status() : write_out();
}

Status SegmentCleaner::write_out() {
  HAIL_RETURN_IF_ERROR(file_.write_at(written_bytes_, unwritten_));
  written_bytes_ += unwritten_.size();
  unwritten_.clear();
  return {};
}

}  // namespace hailstorm::storage
