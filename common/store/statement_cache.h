#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace SQLite {
class Database;
class Statement;
}  // namespace SQLite

namespace hailstorm::store {

/// The prepared statements of one connection, by their SQL text. A program has a fixed set of
/// texts, so nothing is ever dropped.
///
/// Thread safety: not safe. The connection must remain live while it is in use.
class StatementCache {
 public:
  explicit StatementCache(SQLite::Database& connection) : connection_(connection) {}

  /// The statement, reset and with nothing bound. Throws SQLite::Exception where `sql` is wrong.
  SQLite::Statement& get(std::string_view sql);

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  SQLite::Database& connection_;
  // shared_ptr: unlike unique_ptr it may hold a type that this header does not know
  std::unordered_map<std::string, std::shared_ptr<SQLite::Statement>, Hash, std::equal_to<>>
      statements_;
};

}  // namespace hailstorm::store
