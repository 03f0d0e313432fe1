#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/store/database.h"

namespace hailstorm::store {

/// The tables that one part of a program keeps in a database, as the steps that lead to them: step
/// i is the SQL that leads from the part's version i to i+1. Each part has a number of its own, so
/// that a new step of one leaves the others' numbers as they are.
struct SchemaPart {
  std::string name;
  std::vector<std::string> steps;
  /// How many of these steps a database may have from the time when one number (PRAGMA
  /// user_version) counted the steps of all parts, one part after the other. Of the
  /// last part it had all that the number counts beyond these.
  int steps_of_shared_number = 0;
};

/// Brings each part from the version that the database has to its last one, in the order given. All
/// or nothing; safe beside other processes. Error unusable: the database is of a newer program.
[[nodiscard]] Status migrate(Database& db, const std::vector<SchemaPart>& parts);

}  // namespace hailstorm::store
