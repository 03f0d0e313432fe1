#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/log/log.h"
#include "common/service/reactor.h"
#include "common/store/database.h"

namespace hailstorm::service {

/// The tables that the runtime keeps in each service's database, as migration steps. The inbox has
/// the ids of the events that were handled (inbox.h); the outbox has what is to be published, in
/// the order of the transactions (AUTOINCREMENT: an id is never used twice, so a reader may
/// remember how far it came). What the log refused for good is in set_aside.
[[nodiscard]] const std::vector<std::string>& runtime_migrations();

/// One outbox row.
struct OutboxRow {
  int64_t id = 0;
  std::string topic;
  log::Record record;
};

/// What one transaction publishes: rows written beside its other effects.
///
/// Thread safety: not safe; lives inside one transaction. `db` must remain live while it is in use.
class Outbox final : public Effects {
 public:
  explicit Outbox(store::Database& db) : db_(db) {}

  [[nodiscard]] Status publish(const events::Event& event) override;
  /// Error permanent, inside the transaction that would make the row: no topic takes this record.
  /// The message names the topic and says what is wrong.
  [[nodiscard]] Status publish(const std::string& topic, const log::Record& record);

 private:
  store::Database& db_;
};

/// Up to `max_rows` rows with an id above `after_id`, in order, and no more after those that come
/// to `max_bytes`.
[[nodiscard]] Result<std::vector<OutboxRow>> read_outbox(store::Database& db, int64_t after_id,
                                                         int64_t max_rows,
                                                         int64_t max_bytes = INT64_MAX);
/// Deletes the rows of these ids: the log has them. REQUIRES: they rise.
[[nodiscard]] Status erase_outbox(store::Database& db, const std::vector<int64_t>& ids);
[[nodiscard]] Result<int64_t> count_outbox(store::Database& db);
/// The id of the row that is to be published next; none: the outbox is empty.
[[nodiscard]] Result<std::optional<int64_t>> oldest_outbox_row(store::Database& db);

}  // namespace hailstorm::service
