#include "common/service/inbox.h"

namespace hailstorm::service {

Result<bool> Inbox::enter(const std::string& id) {
  if (!is_on_) return true;
  HAIL_ASSIGN_OR_RETURN(const int64_t by, member());
  HAIL_RETURN_IF_ERROR(
      db_.run("INSERT OR IGNORE INTO inbox(event_id, entered_ms, member, attempt) VALUES(?,?,?,?)",
              {std::string_view(id), handling_.now_ms, by, int64_t{handling_.attempt}}));
  if (db_.changes() == 1) return true;
  HAIL_RETURN_IF_ERROR(
      db_.run("INSERT INTO redeliveries(event_id, skipped, last_ms) VALUES(?,1,?) ON CONFLICT DO "
              "UPDATE SET skipped=skipped+1, last_ms=excluded.last_ms",
              {std::string_view(id), handling_.now_ms}));
  return false;
}

Status Inbox::count_letter(const std::string& id) {
  return db_.run("UPDATE inbox SET letters=coalesce(letters, 0)+1 WHERE event_id=?",
                 {std::string_view(id)});
}

/// What a letter was made of is in the inbox under its place, where nobody could read it, or under
/// the event's own id, where that failed.
Result<bool> Inbox::reopen(const std::string& letter, const std::string& event) {
  if (!is_on_) return true;
  HAIL_ASSIGN_OR_RETURN(const auto unreadable, find(letter));
  if (unreadable && unreadable->letters == 0) return false;
  if (letter == event) return unreadable ? Result<bool>(true) : enter(letter);
  HAIL_ASSIGN_OR_RETURN(const auto row, find(event));
  if (!row) return enter(event);
  if (row->letters) return *row->letters > 0;
  // An older program did not note which events became letters.
  return !unreadable && !row->entered_ms;
}

Status Inbox::settle(const std::string& letter, const std::string& event) {
  if (!is_on_) return {};
  HAIL_ASSIGN_OR_RETURN(const int64_t by, member());
  return db_.run(
      "UPDATE inbox SET letters=0, entered_ms=?, member=?, attempt=? WHERE event_id IN (?, ?)",
      {handling_.now_ms, by, int64_t{handling_.attempt}, std::string_view(letter),
       std::string_view(event)});
}

Result<std::optional<Inbox::Row>> Inbox::find(const std::string& id) {
  std::optional<Row> found;
  HAIL_RETURN_IF_ERROR(db_.query("SELECT entered_ms, letters FROM inbox WHERE event_id=?",
                                 {std::string_view(id)}, [&](const store::Row& row) {
                                   found.emplace();
                                   if (!row.is_null(0)) found->entered_ms = row.integer(0);
                                   if (!row.is_null(1)) found->letters = row.integer(1);
                                 }));
  return found;
}

Result<int64_t> Inbox::member() {
  if (member_ > 0) return member_;
  const std::string_view id = handling_.member_id;
  const int64_t epoch = handling_.member_epoch;
  HAIL_RETURN_IF_ERROR(
      db_.run("INSERT OR IGNORE INTO members(member_id, instance_id, epoch) VALUES(?,?,?)",
              {id, std::string_view(handling_.instance_id), epoch}));
  HAIL_RETURN_IF_ERROR(db_.query("SELECT id FROM members WHERE member_id=? AND epoch=?",
                                 {id, epoch},
                                 [&](const store::Row& row) { member_ = row.integer(0); }));
  return member_;
}

}  // namespace hailstorm::service
