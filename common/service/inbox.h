#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/store/database.h"

namespace hailstorm::service {

/// The inbox with what is known of each event, as a migration step after the table of mere ids.
///
///     inbox         entered_ms, member, attempt: when it was handled, by which member and at
///                   which try; letters: NULL it took effect; N > 0 it became a dead letter so
///                   often; 0 it did, and took effect when it was replayed. All are NULL where an
///                   older program handled it.
///     members       those that handled events: a row for each epoch of each member
///     redeliveries  of events that were skipped because the inbox had them: how often, when last
inline constexpr std::string_view kInboxHistory =
    "ALTER TABLE inbox ADD COLUMN entered_ms INTEGER;"
    "ALTER TABLE inbox ADD COLUMN member INTEGER;"
    "ALTER TABLE inbox ADD COLUMN attempt INTEGER;"
    "ALTER TABLE inbox ADD COLUMN letters INTEGER;"
    "CREATE TABLE members(id INTEGER PRIMARY KEY, member_id TEXT NOT NULL,"
    " instance_id TEXT NOT NULL, epoch INTEGER NOT NULL, UNIQUE(member_id, epoch));"
    "CREATE TABLE redeliveries(event_id TEXT PRIMARY KEY, skipped INTEGER NOT NULL,"
    " last_ms INTEGER NOT NULL) WITHOUT ROWID";

/// The member that hands events to the store, when, and at which try.
struct Handling {
  std::string member_id;
  std::string instance_id;  // empty: none
  int32_t member_epoch = 0;
  int attempt = 1;
  int64_t now_ms = 0;  // the wall clock
};

/// The ids of the events that were handled, so that a delivery of one again changes nothing.
///
/// Thread safety: not safe; lives inside one transaction. `db` and `handling` must remain live.
class Inbox {
 public:
  /// `is_on` false: it knows nothing and keeps nothing.
  Inbox(store::Database& db, const Handling& handling, bool is_on)
      : db_(db), handling_(handling), is_on_(is_on) {}

  /// True when `id` was not there; it is from now on. False: the delivery is counted as skipped.
  [[nodiscard]] Result<bool> enter(const std::string& id);
  /// The event, which is there, is a dead letter, once more.
  [[nodiscard]] Status count_letter(const std::string& id);

  /// What became `letter` may take effect now, once: for a replay. `letter` is the id under which
  /// the dead letter was entered, `event` that of the event, or the same where there is none that
  /// can be read. False: it took effect before.
  [[nodiscard]] Result<bool> reopen(const std::string& letter, const std::string& event);
  /// A replay of these took effect.
  [[nodiscard]] Status settle(const std::string& letter, const std::string& event);

 private:
  struct Row {
    std::optional<int64_t> entered_ms;
    std::optional<int64_t> letters;
  };
  [[nodiscard]] Result<std::optional<Row>> find(const std::string& id);
  [[nodiscard]] Result<int64_t> member();

  store::Database& db_;
  const Handling& handling_;
  const bool is_on_;
  int64_t member_ = 0;  // its row; 0: not looked for yet
};

}  // namespace hailstorm::service
