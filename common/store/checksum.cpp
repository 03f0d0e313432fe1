#include "common/store/checksum.h"

#include <cstdint>
#include <sqlite3.h>
#include <string>
#include <xxhash.h>

#include "common/base/bytes.h"

namespace hailstorm::store {
namespace {

void append_number(std::string& bytes, uint64_t number) {
  uint8_t encoded[8];
  put_be(encoded, number);
  bytes.append(reinterpret_cast<const char*>(encoded), sizeof encoded);
}

/// A type, a length and the bytes, so that no two rows of values have the same bytes.
void append(std::string& bytes, sqlite3_value* value) {
  const int type = sqlite3_value_type(value);
  bytes.push_back(static_cast<char>(type));
  if (type == SQLITE_NULL) return;
  if (type == SQLITE_INTEGER) {
    append_number(bytes, static_cast<uint64_t>(sqlite3_value_int64(value)));
    return;
  }
  // A real number by its text, which SQLite writes with 15 digits.
  const void* const data = type == SQLITE_BLOB
                               ? sqlite3_value_blob(value)
                               : static_cast<const void*>(sqlite3_value_text(value));
  const auto size = static_cast<size_t>(sqlite3_value_bytes(value));
  append_number(bytes, size);
  if (size > 0) bytes.append(static_cast<const char*>(data), size);
}

void checksum(sqlite3_context* context, int count, sqlite3_value** values) {
  std::string bytes;
  for (int i = 0; i < count; ++i) append(bytes, values[i]);
  sqlite3_result_int64(context, static_cast<int64_t>(XXH3_64bits(bytes.data(), bytes.size())));
}

}  // namespace

void add_checksum(sqlite3* connection) {
  constexpr int kAnyCount = -1;
  sqlite3_create_function(connection, "checksum", kAnyCount, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                          nullptr, checksum, nullptr, nullptr);
}

}  // namespace hailstorm::store
