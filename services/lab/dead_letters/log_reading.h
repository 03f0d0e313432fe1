#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/log/log.h"

namespace hailstorm::lab {

/// A part of a partition that is to be read.
struct Stretch {
  log::Position begin;
  int64_t end_offset = 0;  // after its last record
};

/// The newest `max_records` of each partition of these topics. A topic that does not exist has
/// none. Errors of the log.
[[nodiscard]] Result<std::vector<Stretch>> newest(log::Admin& admin,
                                                  const std::vector<std::string>& topics,
                                                  int64_t max_records);

/// Shows every record of these stretches, each partition's in order. Error unavailable: they were
/// not all there within `timeout_ms`; and the other errors of the log.
[[nodiscard]] Status read_stretches(log::Engine& engine, const std::vector<Stretch>& stretches,
                                    int timeout_ms,
                                    const std::function<void(const log::ConsumedRecord&)>& each);

/// The record at exactly this place; nothing where the log has none there (any more).
[[nodiscard]] Result<std::optional<log::ConsumedRecord>> record_at(log::Engine& engine,
                                                                   const log::TopicPartition& id,
                                                                   int64_t offset, int timeout_ms);

}  // namespace hailstorm::lab
