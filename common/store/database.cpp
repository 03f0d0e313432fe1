#include "common/store/database.h"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <filesystem>
#include <fmt/format.h>
#include <sqlite3.h>

#include "common/store/checksum.h"
#include "common/store/sqlite_error.h"
#include "common/store/statement_cache.h"

namespace hailstorm::store {
namespace {

/// Runs `work`; what SQLite throws becomes an error that names the file. Nothing of SQLite's leaves
/// this layer. `connection` may be null.
template <class Work>
auto guarded(const std::string& path, sqlite3* connection, Work work,
             bool is_opening_to_write = false) -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& exception) {
    return error_of(exception, path, connection, is_opening_to_write);
  }
}

struct Binder {
  SQLite::Statement& statement;
  int index;
  void operator()(std::nullptr_t) const { statement.bind(index); }
  void operator()(int64_t value) const { statement.bind(index, value); }
  void operator()(double value) const { statement.bind(index, value); }
  void operator()(std::string_view text) const { statement.bind(index, std::string(text)); }
};

void bind(SQLite::Statement& statement, std::initializer_list<Value> values) {
  int index = 1;
  for (const auto& value : values) std::visit(Binder{statement, index++}, value);
}

bool at_rest(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  return fs::exists(path, ignored) && !fs::exists(path + "-wal", ignored);
}

std::string immutable_uri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    const bool has_a_meaning = c == '%' || c == '?' || c == '#';
    uri += has_a_meaning ? fmt::format("%{:02x}", static_cast<int>(c)) : std::string(1, c);
  }
  return uri + "?immutable=1";
}

SQLite::Column column_of(void* statement, int column) {
  return static_cast<SQLite::Statement*>(statement)->getColumn(column);
}

}  // namespace

int64_t Row::integer(int column) const { return column_of(statement_, column).getInt64(); }
double Row::real(int column) const { return column_of(statement_, column).getDouble(); }
std::string Row::text(int column) const { return column_of(statement_, column).getString(); }
bool Row::is_null(int column) const { return column_of(statement_, column).isNull(); }

struct Database::Impl {
  Impl(const std::string& name, const std::string& file, int flags, int busy_timeout_ms)
      : path(file), connection(name, flags, busy_timeout_ms), statements(connection) {}
  std::string path;
  bool is_at_rest = false;
  SQLite::Database connection;
  StatementCache statements;  // after the connection: destroyed before it
};

Database::Database() = default;
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Mode mode,
                                                 int busy_timeout_ms) {
  auto opened = open_as(path, path, mode, busy_timeout_ms);
  // SQLite cannot make the files that reading beside a writer needs where the folder is read-only.
  // Without a write-ahead log there is no writer, and it needs none.
  const bool refused = !opened.ok() && opened.error().is(StoreErrc::unusable);
  if (mode != Mode::read_only || !refused || !at_rest(path)) return opened;
  auto at_rest_file = open_as(immutable_uri(path), path, mode, busy_timeout_ms);
  if (at_rest_file.ok()) (*at_rest_file)->impl_->is_at_rest = true;
  return at_rest_file;
}

Result<std::unique_ptr<Database>> Database::open_as(const std::string& name,
                                                    const std::string& path, Mode mode,
                                                    int busy_timeout_ms) {
  using Opened = Result<std::unique_ptr<Database>>;
  const bool writes = mode == Mode::read_write;
  const auto open_it = [&]() -> Opened {
    std::unique_ptr<Database> database(new Database());
    database->impl_ = std::make_unique<Impl>(name, path,
                                             writes ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE
                                                    : SQLite::OPEN_READONLY | SQLite::OPEN_URI,
                                             busy_timeout_ms);
    auto& connection = database->impl_->connection;
    add_checksum(connection.getHandle());
    if (writes) {
      const auto answered = connection.execAndGet("PRAGMA journal_mode=WAL").getString();
      if (answered != "wal") {
        return Error(StoreErrc::unusable,
                     fmt::format("{}: SQLite answered journal mode '{}' where 'wal' was asked for; "
                                 "put the data folder on a local file system",
                                 path, answered));
      }
      connection.exec("PRAGMA synchronous=FULL");
      // What a savepoint must be able to take back: a file of its own costs more than the work.
      connection.exec("PRAGMA temp_store=MEMORY");
    }
    // Reading needs the schema: a file that is no database is found here and not later.
    (void)connection.execAndGet("SELECT count(*) FROM sqlite_master");
    return Opened(std::move(database));
  };
  return guarded(path, nullptr, open_it, writes);
}

const std::string& Database::path() const { return impl_->path; }

Status Database::run(std::string_view sql, std::initializer_list<Value> values) {
  return guarded(impl_->path, impl_->connection.getHandle(), [&]() -> Status {
    auto& statement = impl_->statements.get(sql);
    bind(statement, values);
    while (statement.executeStep()) {
    }
    statement.reset();  // frees the bound texts and any read lock
    return {};
  });
}

Status Database::query(std::string_view sql, std::initializer_list<Value> values,
                       const std::function<void(const Row&)>& each) {
  return guarded(impl_->path, impl_->connection.getHandle(), [&]() -> Status {
    auto& statement = impl_->statements.get(sql);
    bind(statement, values);
    while (statement.executeStep()) each(Row(&statement));
    statement.reset();
    return {};
  });
}

Result<bool> Database::has_row(std::string_view sql, std::initializer_list<Value> values) {
  bool any = false;
  HAIL_RETURN_IF_ERROR(query(sql, values, [&](const Row&) { any = true; }));
  return any;
}

Status Database::run_script(const std::string& sql) {
  return guarded(impl_->path, impl_->connection.getHandle(), [&]() -> Status {
    impl_->connection.exec(sql);
    return {};
  });
}

int64_t Database::changes() const { return sqlite3_changes(impl_->connection.getHandle()); }

Status Database::begin_immediate() { return run("BEGIN IMMEDIATE"); }
Status Database::commit() { return run("COMMIT"); }
void Database::rollback() {
  // Outside a transaction SQLite refuses ROLLBACK; nothing is to be rolled back then.
  if (sqlite3_get_autocommit(impl_->connection.getHandle()) == 0) (void)run("ROLLBACK");
}

Status Database::in_savepoint(const std::function<Status()>& work) {
  HAIL_RETURN_IF_ERROR(run("SAVEPOINT step"));
  auto outcome = work();
  if (outcome) outcome = run("RELEASE step");
  // Both statements mean the innermost savepoint, which is this one, because `work` ends its own.
  // An error like "disk full" may have ended the whole transaction already; COMMIT fails then.
  if (!outcome && run("ROLLBACK TO step")) (void)run("RELEASE step");
  return outcome;
}

Status Database::quick_check() {
  std::string findings;
  HAIL_RETURN_IF_ERROR(query("PRAGMA quick_check(3)", {}, [&](const Row& row) {
    findings += (findings.empty() ? "" : "; ") + row.text(0);
  }));
  if (findings == "ok") return {};
  return Error(StoreErrc::damaged, fmt::format("{} is damaged: {}", impl_->path, findings));
}

Result<int64_t> Database::data_version() {
  int64_t version = 0;
  HAIL_RETURN_IF_ERROR(
      query("PRAGMA data_version", {}, [&](const Row& row) { version = row.integer(0); }));
  return version;
}

Result<bool> Database::copy_to(const std::string& path, const std::function<bool()>& is_stopped) {
  constexpr int kPagesAtOnce = 4096;
  return guarded(path, nullptr, [&]() -> Result<bool> {
    SQLite::Database copy(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    SQLite::Backup backup(copy, impl_->connection);
    int done = SQLITE_OK;
    while (done == SQLITE_OK && !is_stopped()) done = backup.executeStep(kPagesAtOnce);
    if (done == SQLITE_OK || done == SQLITE_DONE) return done == SQLITE_DONE;
    return Error(StoreErrc::busy, fmt::format("{}: another process holds it", impl_->path));
  });
}

bool Database::reads_file_at_rest() const { return impl_->is_at_rest; }

}  // namespace hailstorm::store
