#include "services/payment/store.h"

namespace hailstorm::payment {

const std::vector<std::string>& migrations() {
  // No UNIQUE on the ride: if an effect ever happened twice, it must show.
  static const std::vector<std::string> kSteps = {R"(
    CREATE TABLE payments(
      id INTEGER PRIMARY KEY, lane TEXT NOT NULL, ride_id TEXT NOT NULL, outcome TEXT NOT NULL,
      amount_cents INTEGER NOT NULL, hold_id TEXT NOT NULL, status TEXT NOT NULL,
      reason TEXT NOT NULL);
    CREATE INDEX payments_by_ride ON payments(ride_id);
    CREATE TABLE ledger(
      id INTEGER PRIMARY KEY, lane TEXT NOT NULL, ride_id TEXT NOT NULL, entry TEXT NOT NULL,
      account TEXT NOT NULL, amount_cents INTEGER NOT NULL);
    CREATE TABLE unmatched_first(
      lane TEXT NOT NULL, ride_id TEXT NOT NULL, PRIMARY KEY(lane, ride_id)) WITHOUT ROWID;)",
                                                  R"(
    ALTER TABLE ledger ADD COLUMN checksum INTEGER;
    UPDATE ledger SET checksum=checksum(lane, ride_id, entry, account, amount_cents);)"};
  return kSteps;
}

Status insert(store::Database& db, const Payment& payment) {
  const std::string_view outcome = payment.hold_id.empty() ? "declined" : "authorized";
  return db.run(
      "INSERT INTO payments(lane, ride_id, outcome, amount_cents, hold_id, status, reason) "
      "VALUES(?,?,?,?,?,?,?)",
      {name_of(payment.lane), std::string_view(payment.ride_id), outcome, payment.amount_cents,
       std::string_view(payment.hold_id), std::string_view(payment.status),
       std::string_view(payment.reason)});
}

Result<std::optional<Payment>> find(store::Database& db, events::Lane lane,
                                    std::string_view ride_id) {
  std::optional<Payment> found;
  HAIL_RETURN_IF_ERROR(
      db.query("SELECT id, lane, ride_id, amount_cents, hold_id, status, reason FROM payments "
               "WHERE ride_id=? AND lane=? ORDER BY id DESC LIMIT 1",
               {ride_id, name_of(lane)}, [&](const store::Row& row) {
                 found = Payment{row.integer(0), lane,        row.text(2), row.integer(3),
                                 row.text(4),    row.text(5), row.text(6)};
               }));
  return found;
}

Status set_status(store::Database& db, int64_t id, std::string_view status) {
  return db.run("UPDATE payments SET status=? WHERE id=?", {status, id});
}

Status book(store::Database& db, const Movement& movement) {
  constexpr std::string_view kInsert =
      "INSERT INTO ledger(lane, ride_id, entry, account, amount_cents, checksum) "
      "VALUES(?1,?2,?3,?4,?5,checksum(?1,?2,?3,?4,?5))";
  HAIL_RETURN_IF_ERROR(db.run(kInsert, {name_of(movement.lane), movement.ride_id, movement.entry,
                                        movement.from, -movement.amount_cents}));
  return db.run(kInsert, {name_of(movement.lane), movement.ride_id, movement.entry, movement.to,
                          movement.amount_cents});
}

Status note_unmatched(store::Database& db, events::Lane lane, std::string_view ride_id) {
  return db.run("INSERT OR IGNORE INTO unmatched_first(lane, ride_id) VALUES(?,?)",
                {name_of(lane), ride_id});
}

Result<bool> is_noted_unmatched(store::Database& db, events::Lane lane, std::string_view ride_id) {
  return db.has_row("SELECT 1 FROM unmatched_first WHERE lane=? AND ride_id=?",
                    {name_of(lane), ride_id});
}

}  // namespace hailstorm::payment
