#pragma once

#include <string_view>

namespace hailstorm::store {

enum class StoreErrc {
  busy,        // another process held the database too long; try again
  full,        // no room on the disk; try again when there is
  constraint,  // a row like this is there already, or breaks a rule
  damaged,     // the file is no database, or not a whole one
  unusable,    // cannot be opened, is not in WAL mode, or is from a newer program
  failed,      // anything else; the message has SQLite's words
};
[[nodiscard]] std::string_view name_of(StoreErrc code);

}  // namespace hailstorm::store
