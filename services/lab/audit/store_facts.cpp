#include "services/lab/audit/store_facts.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>

#include "common/base/check.h"
#include "common/store/database.h"
#include "services/lab/audit/transit.h"
#include "services/registry/services.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;
using store::Database;
using store::Row;
constexpr int64_t kMostAltered = 5;

struct Busy {
  int64_t from_ms;
  int64_t until_ms;
};
using Drivers = std::map<std::pair<events::Lane, std::string>, std::vector<Busy>>;

events::Lane lane_of(const Row& row, int column) {
  return events::lane_named(row.text(column)).value_or(events::Lane::log);
}

Status read_matches(Database& db, Facts& facts, Drivers& drivers) {
  return db.query(
      "SELECT lane, ride_id, outcome, driver_id, from_ms, until_ms, released FROM matches", {},
      [&](const Row& row) {
        const events::Lane lane = lane_of(row, 0);
        RideFacts& ride = facts.lane(lane)[row.text(1)];
        if (row.text(2) != "matched") {
          ++ride.unmatched;
          return;
        }
        ++ride.matched;
        if (row.integer(6) != 0) {
          ++ride.released;
        } else {
          drivers[{lane, row.text(3)}].push_back({row.integer(4), row.integer(5)});
        }
      });
}

int64_t count_double_bookings(Drivers& drivers) {
  int64_t found = 0;
  for (auto& [driver, rides] : drivers) {
    std::sort(rides.begin(), rides.end(),
              [](const Busy& a, const Busy& b) { return a.from_ms < b.from_ms; });
    int64_t free_at_ms = INT64_MIN;
    for (const Busy& ride : rides) {
      if (ride.from_ms < free_at_ms) ++found;
      free_at_ms = std::max(free_at_ms, ride.until_ms);
    }
  }
  return found;
}

Status read_payments(Database& db, Facts& facts) {
  return db.query("SELECT lane, ride_id, outcome, amount_cents, status FROM payments", {},
                  [&](const Row& row) {
                    RideFacts& ride = facts.lane(lane_of(row, 0))[row.text(1)];
                    if (row.text(2) != "authorized") {
                      ++ride.declined;
                      return;
                    }
                    ++ride.authorized;
                    ride.amount_cents = row.integer(3);
                    const std::string status = row.text(4);
                    if (status == "held") ++ride.held;
                    if (status == "voided") ++ride.voided;
                  });
}

Status read_ledger(Database& db, Facts& facts, StoreFindings& findings) {
  return db.query("SELECT lane, ride_id, entry, amount_cents FROM ledger", {}, [&](const Row& row) {
    RideFacts& ride = facts.lane(lane_of(row, 0))[row.text(1)];
    const int64_t cents = row.integer(3);
    ride.ledger_sum_cents += cents;
    findings.ledger_sum_cents += cents;
    if (row.text(2) == "hold") {
      ++ride.hold_entries;
      ride.ledger_positive_cents += std::max<int64_t>(0, cents);
    } else {
      ++ride.void_entries;
    }
  });
}

/// Rows of the ledger whose checksum is not that of their contents; a store of an older program has
/// no checksums.
Status read_altered_entries(Database& db, StoreFindings& findings) {
  bool has_checksums = false;
  HAIL_RETURN_IF_ERROR(db.query("SELECT 1 FROM pragma_table_info('ledger') WHERE name='checksum'",
                                {}, [&](const Row&) { has_checksums = true; }));
  if (!has_checksums) return {};
  return db.query(
      "SELECT id, lane, ride_id, entry, account, amount_cents FROM ledger WHERE checksum IS NOT "
      "checksum(lane, ride_id, entry, account, amount_cents) ORDER BY id",
      {}, [&](const Row& row) {
        if (++findings.altered_entries > kMostAltered) return;
        findings.altered.push_back(fmt::format(
            "{} lane: ride {}: ledger row {} ({}, {}, {} cents) is not as it was written",
            row.text(1), row.text(2), row.integer(0), row.text(3), row.text(4), row.integer(5)));
      });
}

Status read_kinds(Database& db, const char* sql, Facts& facts, KindCounts RideFacts::*counts) {
  return db.query(sql, {}, [&](const Row& row) {
    if (const auto kind = kind_of(row.text(2))) {
      ++(facts.lane(lane_of(row, 0))[row.text(1)].*counts)[*kind];
    }
  });
}

Status read_rides(Database& db, Facts& facts) {
  return db.query("SELECT lane, ride_id FROM rides", {}, [&](const Row& row) {
    facts.lane(lane_of(row, 0))[row.text(1)].committed = true;
  });
}

/// What the readers of tables add to.
struct Findings {
  Facts& facts;
  StoreFindings& stores;
  Drivers drivers{};
};
using TableReader = Status (*)(Database&, Findings&);

/// By the table's name; of a service's tables the registry says which are audited.
const std::map<std::string_view, TableReader>& table_readers() {
  static const std::map<std::string_view, TableReader> kReaders = {
      {"rides", [](Database& db, Findings& to) { return read_rides(db, to.facts); }},
      {"matches",
       [](Database& db, Findings& to) { return read_matches(db, to.facts, to.drivers); }},
      {"payments", [](Database& db, Findings& to) { return read_payments(db, to.facts); }},
      {"ledger",
       [](Database& db, Findings& to) -> Status {
         HAIL_RETURN_IF_ERROR(read_ledger(db, to.facts, to.stores));
         return read_altered_entries(db, to.stores);
       }},
      {"messages",
       [](Database& db, Findings& to) {
         return read_kinds(db, "SELECT lane, ride_id, kind FROM messages", to.facts,
                           &RideFacts::messages);
       }},
      {"counted", [](Database& db, Findings& to) {
         return read_kinds(db, "SELECT lane, ride_id, kind FROM counted", to.facts,
                           &RideFacts::counted);
       }}};
  return kReaders;
}

Status read_tables(Database& db, const registry::ServiceEntry& service, Findings& to) {
  for (const auto& table : service.audited_tables) {
    const auto reader = table_readers().find(table);
    HAIL_CHECK(reader != table_readers().end());
    HAIL_RETURN_IF_ERROR(reader->second(db, to));
  }
  return {};
}

Status read_store(const fs::path& path, const registry::ServiceEntry& service, Transit transit,
                  Findings& to) {
  std::error_code unreadable;  // of which opening it says why
  if (!fs::exists(path, unreadable) && !unreadable) {
    to.stores.missing.push_back(path);
    return {};
  }
  HAIL_ASSIGN_OR_RETURN(const auto db, Database::open(path, Database::Mode::read_only));
  // All of one moment: an event that is to be applied is in the outbox, or in the log from now on.
  Status done = db->run_script("BEGIN");
  if (done.ok()) done = read_tables(*db, service, to);
  if (done.ok() && transit == Transit::read) done = read_transit(*db, service.name, to.facts.log);
  if (!done.ok()) return std::move(done).error().in(path.string());
  return {};
}

}  // namespace

Result<StoreFindings> read_stores(const fs::path& data, Facts& facts, Transit transit) {
  StoreFindings stores;
  Findings findings{facts, stores};
  for (const auto& service : registry::services()) {
    if (service.audited_tables.empty()) continue;
    HAIL_RETURN_IF_ERROR(
        read_store(data / service.name / (service.name + ".db"), service, transit, findings));
  }
  stores.double_booked = count_double_bookings(findings.drivers);
  return stores;
}

}  // namespace hailstorm::lab
