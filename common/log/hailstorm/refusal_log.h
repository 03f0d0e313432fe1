#pragma once

#include <optional>

#include "common/log/types.h"
#include "common/wire/messages.h"

namespace hailstorm::log::hail {

/// Writes one log line when the broker begins to refuse records for a reason that may pass, and one
/// when it takes records again.
///
/// Thread safety: not safe.
class RefusalLog {
 public:
  void note(const TopicPartition& id, const wire::Outcome& outcome);

 private:
  std::optional<wire::ErrorCode> refused_with_;  // as logged
};

}  // namespace hailstorm::log::hail
