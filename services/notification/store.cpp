#include "services/notification/store.h"

namespace hailstorm::notification {

const std::vector<std::string>& migrations() {
  // No UNIQUE on ride and kind: if a message was ever sent twice, it must show.
  static const std::vector<std::string> kSteps = {R"(
    CREATE TABLE messages(
      id INTEGER PRIMARY KEY, lane TEXT NOT NULL, ride_id TEXT NOT NULL, kind TEXT NOT NULL,
      recipient TEXT NOT NULL, body TEXT NOT NULL, created_ms INTEGER NOT NULL);
    CREATE TABLE webhook(position INTEGER NOT NULL);
    INSERT INTO webhook VALUES(0);)"};
  return kSteps;
}

Status insert(store::Database& db, events::Lane lane, const Message& message, int64_t created_ms) {
  return db.run(
      "INSERT INTO messages(lane, ride_id, kind, recipient, body, created_ms) VALUES(?,?,?,?,?,?)",
      {name_of(lane), std::string_view(message.ride_id), std::string_view(message.kind),
       std::string_view(message.recipient), std::string_view(message.body), created_ms});
}

Result<std::vector<StoredMessage>> undelivered(store::Database& db, int64_t max_rows) {
  std::vector<StoredMessage> messages;
  HAIL_RETURN_IF_ERROR(db.query(
      "SELECT id, lane, ride_id, kind, recipient, body FROM messages "
      "WHERE id > (SELECT position FROM webhook) ORDER BY id LIMIT ?",
      {max_rows}, [&](const store::Row& row) {
        messages.push_back(
            {row.integer(0), row.text(1), {row.text(2), row.text(3), row.text(4), row.text(5)}});
      }));
  return messages;
}

Status set_delivered(store::Database& db, int64_t id) {
  return db.run("UPDATE webhook SET position=?", {id});
}

}  // namespace hailstorm::notification
