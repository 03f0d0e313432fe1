#include "common/service/recalled.h"

#include <string>

namespace hailstorm::service {

Status remember_recalled(store::Database& db, const events::Event& event) {
  const std::string payload = events::to_json(event.payload);
  return db.run("INSERT OR IGNORE INTO recalled(ride_id, type, payload) VALUES(?,?,?)",
                {std::string_view(event.ride_id()), event.type(), std::string_view(payload)});
}

Result<std::optional<events::Payload>> take_recalled(store::Database& db,
                                                     std::string_view ride_id) {
  std::optional<std::pair<std::string, std::string>> row_found;
  HAIL_RETURN_IF_ERROR(db.query("SELECT type, payload FROM recalled WHERE ride_id=?", {ride_id},
                                [&](const store::Row& row) {
                                  row_found = {row.text(0), row.text(1)};
                                }));
  if (!row_found) return std::optional<events::Payload>();
  HAIL_RETURN_IF_ERROR(db.run("DELETE FROM recalled WHERE ride_id=?", {ride_id}));
  HAIL_ASSIGN_OR_RETURN(auto payload, events::from_json(row_found->first, row_found->second));
  return std::optional<events::Payload>(std::move(payload));
}

Result<bool> has_recalled(store::Database& db) {
  return db.has_row("SELECT 1 FROM recalled LIMIT 1");
}

Result<int64_t> forget_recalled(store::Database& db) {
  HAIL_RETURN_IF_ERROR(db.run("DELETE FROM recalled"));
  return db.changes();
}

}  // namespace hailstorm::service
