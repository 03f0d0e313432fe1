#pragma once

#include <string>

#include "common/base/error.h"

struct sqlite3;
namespace SQLite {
class Exception;
}

namespace hailstorm::store {

/// What SQLite threw, as an error that names the file. Where a shortage is the cause, the error has
/// its errno. `connection` may be null. `is_opening_to_write`: SQLite does not keep why it could
/// not make or grow a file; then the same is tried beside `path`.
[[nodiscard]] Error error_of(const SQLite::Exception& exception, const std::string& path,
                             sqlite3* connection, bool is_opening_to_write);

}  // namespace hailstorm::store
