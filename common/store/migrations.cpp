#include "common/store/migrations.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>

namespace hailstorm::store {
namespace {

// Above every shared number, so that a program which knows that number only refuses the file.
constexpr int64_t kNumberedApart = 1000;

Error newer(const Database& db, const std::string& part, int64_t version, int64_t known) {
  return Error(StoreErrc::unusable,
               fmt::format("{} has version {} of the tables of '{}', this program knows up to {}: "
                           "run the program that wrote it, or choose another data folder",
                           db.path(), version, part, known));
}

Result<int64_t> number(Database& db, std::string_view sql, std::initializer_list<Value> values) {
  int64_t found = 0;
  HAIL_RETURN_IF_ERROR(db.query(sql, values, [&](const Row& row) { found = row.integer(0); }));
  return found;
}

Status set_version(Database& db, const std::string& part, int64_t version) {
  return db.run("INSERT OR REPLACE INTO schema_parts(name, version) VALUES(?,?)",
                {std::string_view(part), version});
}

/// Gives each part its share of the number that counted all of them.
Status number_apart(Database& db, const std::vector<SchemaPart>& parts) {
  HAIL_ASSIGN_OR_RETURN(const int64_t shared, number(db, "PRAGMA user_version", {}));
  if (shared == kNumberedApart) return {};
  HAIL_RETURN_IF_ERROR(db.run(
      "CREATE TABLE schema_parts(name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID"));
  int64_t left = shared;
  for (const SchemaPart& part : parts) {
    const bool is_last = &part == &parts.back();
    const int64_t version = is_last ? left : std::min<int64_t>(left, part.steps_of_shared_number);
    HAIL_RETURN_IF_ERROR(set_version(db, part.name, version));
    left -= version;
  }
  return db.run_script(fmt::format("PRAGMA user_version={}", kNumberedApart));
}

Status migrate_part(Database& db, const SchemaPart& part) {
  HAIL_ASSIGN_OR_RETURN(
      const int64_t version,
      number(db, "SELECT version FROM schema_parts WHERE name=?", {std::string_view(part.name)}));
  const auto known = static_cast<int64_t>(part.steps.size());
  if (version > known) return newer(db, part.name, version, known);
  if (version == known) return {};
  for (int64_t i = version; i < known; ++i) {
    HAIL_RETURN_IF_ERROR(db.run_script(part.steps[static_cast<size_t>(i)]));
  }
  return set_version(db, part.name, known);
}

Status migrate_all(Database& db, const std::vector<SchemaPart>& parts) {
  HAIL_RETURN_IF_ERROR(number_apart(db, parts));
  for (const SchemaPart& part : parts) HAIL_RETURN_IF_ERROR(migrate_part(db, part));
  return db.commit();
}

}  // namespace

Status migrate(Database& db, const std::vector<SchemaPart>& parts) {
  HAIL_RETURN_IF_ERROR(db.begin_immediate());
  auto migrated = migrate_all(db, parts);
  if (!migrated.ok()) db.rollback();
  return migrated;
}

}  // namespace hailstorm::store
