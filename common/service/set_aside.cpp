#include "common/service/set_aside.h"

#include <fmt/format.h>

namespace hailstorm::service {
namespace {

constexpr int64_t kMostShown = 10;
constexpr int64_t kShownKeyBytes = 100;

store::Value number_or_null(const std::optional<int32_t>& number) {
  if (!number) return nullptr;
  return int64_t{*number};
}

}  // namespace

Status set_aside(store::Database& db, const std::vector<RefusedRow>& rows, int64_t now_ms) {
  for (const RefusedRow& row : rows) {
    HAIL_RETURN_IF_ERROR(
        db.run("INSERT INTO set_aside(id, topic, partition, key, value, headers, error, "
               "set_aside_at_ms) SELECT id, topic, ?, key, value, headers, ?, ? FROM outbox "
               "WHERE id = ?",
               {number_or_null(row.partition), std::string_view(row.error), now_ms, row.id}));
    HAIL_RETURN_IF_ERROR(db.run("DELETE FROM outbox WHERE id = ?", {row.id}));
  }
  return {};
}

Result<int64_t> send_again(store::Database& db) {
  HAIL_RETURN_IF_ERROR(
      db.run("INSERT INTO outbox(topic, key, value, headers) "
             "SELECT topic, key, value, headers FROM set_aside ORDER BY id"));
  HAIL_RETURN_IF_ERROR(db.run("DELETE FROM set_aside"));
  return db.changes();
}

Result<SetAside> read_set_aside(store::Database& db) {
  SetAside found;
  HAIL_RETURN_IF_ERROR(db.query("SELECT count(*) FROM set_aside", {},
                                [&](const store::Row& row) { found.count = row.integer(0); }));
  if (found.count == 0) return found;
  HAIL_RETURN_IF_ERROR(db.query(
      "SELECT id, topic, partition, substr(coalesce(key, ''), 1, ?), error, set_aside_at_ms "
      "FROM set_aside ORDER BY id LIMIT ?",
      {kShownKeyBytes, kMostShown}, [&](const store::Row& row) {
        SetAsideRow one{row.integer(0), row.text(1), {}, row.text(3), row.text(4), row.integer(5)};
        if (!row.is_null(2)) one.partition = row.integer(2);
        found.first.push_back(std::move(one));
      }));
  return found;
}

std::string set_aside_text(const SetAside& rows) {
  if (rows.count == 0 || rows.first.empty()) return "";
  return fmt::format(
      "{} of this service's events could not be published and are set aside, the first for topic "
      "'{}': {}; /status lists them, and a restart of the service sends them again",
      rows.count, rows.first.front().topic, rows.first.front().error);
}

}  // namespace hailstorm::service
