#include "services/lab/passport/store_entries.h"

#include <fmt/format.h>
#include <optional>
#include <string_view>

#include "common/events/events.h"
#include "common/service/dead_letter.h"

namespace hailstorm::lab {
namespace {

using store::Row;

std::optional<int64_t> number_or_none(const Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.integer(column);
}

std::string money(int64_t cents) { return fmt::format("{}.{:02}", cents / 100, cents % 100); }

/// Adds entries of one service's store.
class StoreReader {
 public:
  StoreReader(store::Database& db, std::string service, Passport& passport, HandledTimes& handled)
      : db_(db), service_(std::move(service)), passport_(passport), handled_(handled) {}

  Status read() {
    for (const auto& type : events::all_types()) HAIL_RETURN_IF_ERROR(read_inbox(type));
    HAIL_RETURN_IF_ERROR(read_waiting("outbox", "waits", "NULL", "NULL"));
    HAIL_RETURN_IF_ERROR(read_waiting("set_aside", "set aside", "error", "set_aside_at_ms"));
    if (service_ == "gateway") return read_gateway();
    if (service_ == "matching") return read_matching();
    if (service_ == "payment") return read_payment();
    if (service_ == "notification") return read_messages();
    if (service_ == "analytics") return read_counted();
    return {};
  }

 private:
  [[nodiscard]] std::string_view ride() const { return passport_.ride_id; }

  PassportEntry& add(std::optional<int64_t> time_ms, std::string lane, std::string what,
                     std::string event, std::string detail) {
    return passport_.entries.emplace_back(PassportEntry{
        time_ms, std::move(lane), service_, std::move(what), std::move(event), std::move(detail)});
  }
  /// Of what this service did when it handled such an event; nothing on the chain lane.
  [[nodiscard]] std::optional<int64_t> time_of(const std::string& lane,
                                               std::string_view type) const {
    const auto at = handled_.find({service_, std::string(type)});
    if (lane != "log" || at == handled_.end()) return std::nullopt;
    return at->second;
  }

  Status read_inbox(const std::string& type) {
    const std::string id = passport_.ride_id + "/" + type;
    return db_.query(
        "SELECT i.entered_ms, m.member_id, m.instance_id, m.epoch, i.attempt, i.letters, r.skipped,"
        " r.last_ms FROM inbox i LEFT JOIN members m ON m.id=i.member LEFT JOIN redeliveries r ON "
        "r.event_id=i.event_id WHERE i.event_id=?",
        {std::string_view(id)}, [&](const Row& row) { add_handled(row, type); });
  }

  void add_handled(const Row& row, const std::string& type) {
    const auto time_ms = number_or_none(row, 0);
    const auto letters = number_or_none(row, 5);
    if (time_ms) handled_[{service_, type}] = *time_ms;
    std::string detail = "by an older program, which kept no more";
    if (time_ms) {
      const std::string by = row.text(2).empty() ? row.text(1) : row.text(2);
      detail = fmt::format("by {} in epoch {}, try {}", by, row.integer(3), row.integer(4));
    }
    if (letters) {
      detail += *letters > 0 ? fmt::format("; it became a dead letter {} times", *letters)
                             : "; it took effect when it was replayed";
    }
    auto& entry = add(time_ms, "log", "handled", type, detail);
    if (time_ms) {
      entry.more = {{"member", row.text(1)},
                    {"instance", row.text(2)},
                    {"epoch", row.integer(3)},
                    {"attempt", row.integer(4)}};
    }
    if (letters) entry.more.add("letters", *letters);
    if (row.is_null(6)) return;
    add(row.integer(7), "log", "skipped", type,
        fmt::format("{} more deliveries, the last one now: the inbox had it", row.integer(6)))
        .more = {{"skipped", row.integer(6)}};
  }

  /// Of a table into which no index leads by ride, because each row would pay for it: bounds what
  /// is looked at, and says so where there is more.
  Result<std::string> newest_rows(const std::string& table) {
    HAIL_RETURN_IF_ERROR(
        db_.query(fmt::format("SELECT (SELECT min(id) FROM {0}) <= (SELECT max(id)-{1} FROM {0})",
                              table, kMostRowsLookedAt),
                  {}, [&](const Row& row) {
                    if (row.is_null(0) || row.integer(0) == 0) return;
                    passport_.notes.push_back(
                        fmt::format("of {}'s table {} only the newest {} rows were "
                                    "looked at",
                                    service_, table, kMostRowsLookedAt));
                  }));
    return fmt::format("id > (SELECT max(id)-{} FROM {})", kMostRowsLookedAt, table);
  }

  /// `why` and `at` are columns.
  Status read_waiting(const std::string& table, const char* what, const char* why, const char* at) {
    HAIL_ASSIGN_OR_RETURN(const auto newest, newest_rows(table));
    const std::string sql =
        fmt::format("SELECT topic, {}, {}, id FROM {} WHERE {} AND instr(value, ?) > 0 LIMIT 20",
                    why, at, table, newest);
    return db_.query(sql, {ride()}, [&](const Row& row) {
      add(number_or_none(row, 2), "log", what, row.text(0),
          row.is_null(1) ? fmt::format("in the outbox as row {}", row.integer(3))
                         : fmt::format("the log refused it: {}", row.text(1)));
    });
  }

  Status read_gateway() {
    HAIL_RETURN_IF_ERROR(db_.query(
        "SELECT lane, rider_id, coalesce(idempotency_key, ''), requested_at_ms, accepted_ms "
        "FROM rides WHERE ride_id=? ORDER BY id",
        {ride()}, [&](const Row& row) {
          passport_.rider_id = row.text(1);
          const std::string key = row.text(2);
          auto& entry =
              add(row.integer(4), row.text(0), "accepted", "",
                  fmt::format("of {}{}{}", row.text(1), key.empty() ? "" : ", key " + key,
                              row.text(0) == "log" ? "; the event is in the outbox" : ""));
          entry.more = {{"requested_at_ms", row.integer(3)}};
        }));
    return db_.query("SELECT type FROM timeline WHERE ride_id=? ORDER BY id", {ride()},
                     [&](const Row& row) {
                       const std::string type = row.text(0);
                       add(time_of("log", type), "log", "effect", type, "what the rider sees");
                     });
  }

  Status read_matching() {
    return db_.query(
        "SELECT lane, outcome, coalesce(driver_id, ''), released, reason FROM matches WHERE "
        "ride_id=? ORDER BY id",
        {ride()}, [&](const Row& row) {
          std::string detail =
              row.text(2).empty() ? fmt::format("no driver: {}", row.text(4)) : row.text(2);
          if (row.integer(3) != 0) detail += ", free again";
          add(time_of(row.text(0), events::RideRequested::kType), row.text(0), "effect", "",
              row.text(1) + " " + detail);
        });
  }

  Status read_payment() {
    HAIL_RETURN_IF_ERROR(db_.query(
        "SELECT lane, outcome, amount_cents, hold_id, status, reason FROM payments WHERE ride_id=? "
        "ORDER BY id",
        {ride()}, [&](const Row& row) {
          const std::string said = row.text(5).empty() ? row.text(3) : row.text(5);
          add(time_of(row.text(0), events::RideRequested::kType), row.text(0), "effect", "",
              fmt::format("{} {} {}, now {}", row.text(1), money(row.integer(2)), said,
                          row.text(4)));
        }));
    HAIL_ASSIGN_OR_RETURN(const auto newest, newest_rows("ledger"));
    return db_.query(
        fmt::format("SELECT lane, entry, account, amount_cents FROM ledger WHERE {} AND ride_id=? "
                    "ORDER BY id",
                    newest),
        {ride()}, [&](const Row& row) {
          const bool is_void = row.text(1) == "void";
          const auto type = is_void ? events::RideUnmatched::kType : events::RideRequested::kType;
          add(time_of(row.text(0), type), row.text(0), "effect", "",
              fmt::format("ledger {}: {} {}{}", row.text(1), row.text(2),
                          row.integer(3) < 0 ? "-" : "+", money(std::abs(row.integer(3)))));
        });
  }

  Status read_messages() {
    HAIL_ASSIGN_OR_RETURN(const auto newest, newest_rows("messages"));
    return db_.query(
        fmt::format("SELECT lane, kind, recipient, body, created_ms FROM messages WHERE {} AND "
                    "ride_id=? ORDER BY id",
                    newest),
        {ride()}, [&](const Row& row) {
          if (passport_.rider_id.empty()) passport_.rider_id = row.text(2);
          add(row.integer(4), row.text(0), "message", row.text(1), row.text(3));
        });
  }

  Status read_counted() {
    return db_.query("SELECT lane, kind, zone FROM counted WHERE ride_id=? ORDER BY id", {ride()},
                     [&](const Row& row) {
                       add(time_of(row.text(0), row.text(1)), row.text(0), "effect", row.text(1),
                           fmt::format("counted in zone {}", row.text(2)));
                     });
  }

  store::Database& db_;
  const std::string service_;
  Passport& passport_;
  HandledTimes& handled_;
};

}  // namespace

Status add_store_entries(store::Database& db, const std::string& service, Passport& passport,
                         HandledTimes& handled) {
  return StoreReader(db, service, passport, handled).read();
}

}  // namespace hailstorm::lab
