#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/compression/codec.h"
#include "common/wire/record_view.h"

/// How a batch's bytes are written, for all that write one. A batch in the making is room for its
/// header, then its records.
namespace hailstorm::wire {

/// Adds one record at the end of the batch.
void put_record(std::vector<uint8_t>& batch, int64_t timestamp_delta, int32_t offset_delta,
                std::optional<std::string_view> key, std::optional<std::string_view> value,
                std::span<const RecordHeaderView> headers);

/// Compresses the records where that makes them smaller. True: they are compressed now.
[[nodiscard]] bool compress_records(std::vector<uint8_t>& batch, compression::Codec codec);

/// Fills in magic, length and CRC. REQUIRES: all other fields of the header are there.
void seal_batch(std::vector<uint8_t>& batch);

}  // namespace hailstorm::wire
