#pragma once

#include <memory>

#include "common/base/bytes.h"

namespace hailstorm::storage {

/// Stored bytes, and what keeps them alive.
struct StoredBytes {
  std::shared_ptr<const void> owner;
  Bytes bytes;
};

}  // namespace hailstorm::storage
