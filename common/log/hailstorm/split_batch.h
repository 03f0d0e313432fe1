#pragma once

#include <utility>

#include "common/base/bytes.h"
#include "common/log/hailstorm/batch.h"

namespace hailstorm::log::hail {

/// The first and the second half of a batch's records, each as a batch with its callbacks. `bytes`:
/// the batch as it was sent. REQUIRES: it has more than one record. Safe from any thread.
[[nodiscard]] std::pair<Batch, Batch> split_batch(Batch batch, Bytes bytes);

}  // namespace hailstorm::log::hail
