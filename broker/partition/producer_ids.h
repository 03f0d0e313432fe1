#pragma once

#include <cstdint>
#include <functional>

#include "common/base/result.h"

namespace hailstorm::broker {

/// Gives out producer ids, none of them twice: they are reserved in blocks in the settings before
/// the first of a block is given.
///
/// Thread safety: not safe.
class ProducerIds {
 public:
  /// Ids below `reserved` may have been given.
  void begin_at(int64_t reserved) { next_ = reserved_ = reserved; }
  /// Skips an id that is in use although it was not given here.
  void skip(int64_t used_id);

  /// The next id. `save` makes reserved() durable when a new block begins; its error is passed on.
  [[nodiscard]] Result<int64_t> next(const std::function<Status()>& save);
  [[nodiscard]] int64_t reserved() const { return reserved_; }

 private:
  int64_t next_ = 0;
  int64_t reserved_ = 0;
};

}  // namespace hailstorm::broker
