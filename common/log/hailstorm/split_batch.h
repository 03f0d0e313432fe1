#pragma once

#include <utility>

#include "common/base/bytes.h"
#include "common/log/hailstorm/batch.h"

namespace hailstorm::log::hail {

/// The first and the second half of a batch's records, each a batch of its own, with those who wait
/// for them. `bytes`: the batch as it was sent. REQUIRES: it has more than one record.
[[nodiscard]] std::pair<Batch, Batch> split_batch(Batch batch, Bytes bytes);

}  // namespace hailstorm::log::hail
