#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/store/database.h"

/// Outbox rows that the log refused for good: the table set_aside keeps them, with the reason, so
/// that the others go on. They are sent again, after all others, when the service starts again.
namespace hailstorm::service {

/// The table, as a migration step.
inline constexpr std::string_view kSetAsideTable =
    "CREATE TABLE set_aside(id INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER, key, "
    "value, headers, error TEXT NOT NULL, set_aside_at_ms INTEGER NOT NULL)";

/// A row that is to be set aside.
struct RefusedRow {
  int64_t id = 0;  // of the outbox
  std::optional<int32_t> partition;
  std::string error;
};
/// Moves rows from the outbox to set_aside, inside the open transaction.
[[nodiscard]] Status set_aside(store::Database& db, const std::vector<RefusedRow>& rows,
                               int64_t now_ms);

/// Moves all that was set aside to the end of the outbox, in its order, inside the open
/// transaction. Gives how many.
[[nodiscard]] Result<int64_t> send_again(store::Database& db);

/// What a person is shown of a row.
struct SetAsideRow {
  int64_t id = 0;
  std::string topic;
  std::optional<int64_t> partition;
  std::string key;  // its beginning
  std::string error;
  int64_t set_aside_at_ms = 0;
};
struct SetAside {
  int64_t count = 0;
  std::vector<SetAsideRow> first;  // a few of them
};
[[nodiscard]] Result<SetAside> read_set_aside(store::Database& db);

/// "3 events could not be published and are set aside: …"; empty: there are none.
[[nodiscard]] std::string set_aside_text(const SetAside& rows);

}  // namespace hailstorm::service
