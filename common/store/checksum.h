#pragma once

struct sqlite3;

namespace hailstorm::store {

/// Gives SQL on this connection the function checksum(…): a 64-bit number (XXH3) that follows from
/// its arguments, their types and their order.
void add_checksum(sqlite3* connection);

}  // namespace hailstorm::store
