#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/events/lane.h"
#include "common/store/database.h"
#include "services/notification/message.h"

/// Notification's own table, and the only place that knows its SQL.
namespace hailstorm::notification {

[[nodiscard]] const std::vector<std::string>& migrations();

/// Runs inside the caller's transaction.
[[nodiscard]] Status insert(store::Database& db, events::Lane lane, const Message& message,
                            int64_t created_ms);

struct StoredMessage {
  int64_t id = 0;
  std::string lane;
  Message message;
};
/// Up to `max_rows` messages after the webhook's position, oldest first.
[[nodiscard]] Result<std::vector<StoredMessage>> undelivered(store::Database& db, int64_t max_rows);
/// The webhook has taken every message up to `id`.
[[nodiscard]] Status set_delivered(store::Database& db, int64_t id);

}  // namespace hailstorm::notification
