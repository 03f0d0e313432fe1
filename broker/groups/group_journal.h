#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"

namespace hailstorm::groups {

/// Where the coordinator keeps what must survive a restart: one partition of `__consumer_offsets`,
/// as a list of key/value records in Kafka's schemas. A null value is a tombstone.
///
/// Thread safety: not safe; the broker's thread owns it.
class GroupJournal {
 public:
  virtual ~GroupJournal() = default;
  struct Entry {
    std::string key;
    std::optional<std::string> value;
  };
  /// Appends one batch, atomically. `durable` is called later on the same thread, once, when the
  /// batch is durable or has failed; replies that promise durability wait for it. An error here:
  /// nothing was written. Errors wire::ErrorCode::disk_full and out_of_resources: until there is
  /// room.
  [[nodiscard]] virtual Status append(const std::string& group, std::vector<Entry> entries,
                                      std::function<void(const Status&)> durable) = 0;
};

}  // namespace hailstorm::groups
