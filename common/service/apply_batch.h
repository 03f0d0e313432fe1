#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/log/log.h"
#include "common/service/inbox.h"
#include "common/service/reactor.h"
#include "common/store/database.h"

namespace hailstorm::service {

/// How a batch of records is applied to the store.
struct BatchRules {
  std::string group;      // named in dead letters
  bool use_inbox = true;  // false: every delivery takes effect, also a repeated one
  Handling handling{};    // of this attempt
  int64_t now_ms = 0;  // all attempts see this time: an event of a day ahead or later has no effect
};

struct BatchCounts {
  int64_t applied = 0;
  int64_t already_known = 0;
  int64_t dead_letters = 0;
};

/// Applies `records` in order, inside the open transaction of `db`: an event whose id is in the
/// inbox is skipped; any other takes effect within a savepoint; what cannot be decoded or fails for
/// good becomes a dead letter. A replay of a dead
/// letter is for the group that it names, and takes effect once at most. An error: a transient
/// failure, the transaction must be rolled back and the batch tried again.
[[nodiscard]] Result<BatchCounts> apply_batch(const std::vector<log::ConsumedRecord>& records,
                                              const BatchRules& rules, Reactor& reactor,
                                              store::Database& db);

}  // namespace hailstorm::service
