#include "common/store/statement_cache.h"

#include <SQLiteCpp/SQLiteCpp.h>

namespace hailstorm::store {

SQLite::Statement& StatementCache::get(std::string_view sql) {
  const auto it = statements_.find(sql);
  if (it != statements_.end()) {
    (void)it->second->tryReset();  // its result is that of the last run
    it->second->clearBindings();
    return *it->second;
  }
  auto made = std::make_shared<SQLite::Statement>(connection_, std::string(sql));
  return *statements_.emplace(std::string(sql), std::move(made)).first->second;
}

}  // namespace hailstorm::store
