#include "common/service/log_positions.h"

namespace hailstorm::service {

const std::vector<std::string>& log_position_migrations() {
  static const std::vector<std::string> steps = {
      "CREATE TABLE log_positions(topic TEXT NOT NULL, partition INTEGER NOT NULL,"
      " topic_id TEXT NOT NULL, next_offset INTEGER NOT NULL,"
      " rebuild_until INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(topic, partition)) WITHOUT ROWID;"
      "CREATE TABLE recalled(ride_id TEXT PRIMARY KEY, type TEXT NOT NULL, payload TEXT NOT NULL)"
      " WITHOUT ROWID"};
  return steps;
}

Result<LogPositions> read_log_positions(store::Database& db) {
  LogPositions positions;
  HAIL_RETURN_IF_ERROR(
      db.query("SELECT topic, partition, topic_id, next_offset, rebuild_until FROM log_positions",
               {}, [&](const store::Row& row) {
                 const log::TopicPartition id{row.text(0), static_cast<int32_t>(row.integer(1))};
                 const Uuid topic_id = Uuid::parse(row.text(2)).value_or(Uuid());
                 positions[id] = {{id, row.integer(3), topic_id}, row.integer(4)};
               }));
  return positions;
}

std::vector<log::Position> positions_after(const std::vector<log::ConsumedRecord>& records) {
  std::map<log::TopicPartition, log::Position> next;
  for (const auto& record : records) {
    const log::TopicPartition id{record.topic, record.partition};
    next[id] = {id, record.offset + 1, record.topic_id};
  }
  std::vector<log::Position> positions;
  for (const auto& [id, position] : next) positions.push_back(position);
  return positions;
}

Status set_log_positions(store::Database& db, const std::vector<log::Position>& positions) {
  for (const auto& [id, offset, topic_id] : positions) {
    const std::string of = topic_id.text();
    HAIL_RETURN_IF_ERROR(db.run(
        "INSERT INTO log_positions(topic, partition, topic_id, next_offset) VALUES(?,?,?,?) "
        "ON CONFLICT DO UPDATE SET next_offset=excluded.next_offset, topic_id=excluded.topic_id, "
        "rebuild_until=CASE WHEN topic_id=excluded.topic_id THEN rebuild_until ELSE 0 END",
        {std::string_view(id.topic), int64_t{id.partition}, std::string_view(of), offset}));
  }
  return {};
}

Status raise_log_positions(store::Database& db,
                           const std::map<log::TopicPartition, int64_t>& next) {
  for (const auto& [id, offset] : next) {
    HAIL_RETURN_IF_ERROR(
        db.run("UPDATE log_positions SET next_offset=?1 WHERE topic=?2 AND partition=?3 AND "
               "next_offset<?1",
               {offset, std::string_view(id.topic), int64_t{id.partition}}));
  }
  return {};
}

Status forget_log_positions(store::Database& db) { return db.run("DELETE FROM log_positions"); }

Status set_rebuild_until(store::Database& db, const log::TopicPartition& id, int64_t until) {
  return db.run("UPDATE log_positions SET rebuild_until=? WHERE topic=? AND partition=?",
                {until, std::string_view(id.topic), int64_t{id.partition}});
}

Result<int64_t> count_to_rebuild(store::Database& db) {
  int64_t count = -1;
  HAIL_RETURN_IF_ERROR(
      db.query("SELECT coalesce(sum(max(rebuild_until - next_offset, 0)), -1) FROM log_positions "
               "WHERE rebuild_until>0",
               {}, [&](const store::Row& row) { count = row.integer(0); }));
  return count;
}

Status end_rebuild(store::Database& db) {
  return db.run("UPDATE log_positions SET rebuild_until=0 WHERE rebuild_until>0");
}

}  // namespace hailstorm::service
