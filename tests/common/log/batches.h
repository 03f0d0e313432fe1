#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/check.h"
#include "common/log/hailstorm/transport.h"
#include "common/wire/record_batch.h"

namespace hailstorm::log::hail {

/// A batch of records without keys, as a broker would send it.
inline std::vector<uint8_t> batch_at(int64_t base_offset, const std::vector<std::string>& values) {
  wire::RecordBatchBuilder builder;
  for (const std::string& value : values) builder.append(1'000, std::nullopt, value);
  return builder.finish(base_offset);
}

inline Frame frame_of(std::vector<uint8_t> bytes) {
  auto owner = std::make_shared<std::vector<uint8_t>>(std::move(bytes));
  const Bytes view(*owner);
  return {std::move(owner), view};
}

inline Frame frame_at(int64_t base_offset, const std::vector<std::string>& values) {
  return frame_of(batch_at(base_offset, values));
}

/// The same with a bit of its last record flipped.
inline Frame corrupt_frame_at(int64_t base_offset, const std::vector<std::string>& values) {
  std::vector<uint8_t> bytes = batch_at(base_offset, values);
  bytes.back() = static_cast<uint8_t>(bytes.back() ^ 1);
  return frame_of(std::move(bytes));
}

inline wire::RecordBatchView view_of(Bytes bytes) {
  auto parsed = wire::RecordBatchView::parse(bytes);
  HAIL_CHECK(parsed.ok());
  return *parsed;
}

inline std::vector<std::string> values_of(Bytes bytes) {
  wire::RecordReader reader(view_of(bytes));
  wire::RecordView record;
  std::vector<std::string> values;
  while (*reader.next(record)) values.emplace_back(record.value.value_or(""));
  return values;
}

}  // namespace hailstorm::log::hail
