#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/result.h"
#include "common/store/store_error.h"

namespace hailstorm::store {

/// What is bound to a "?". Text must remain live until the call returned.
using Value = std::variant<std::nullptr_t, int64_t, double, std::string_view>;

/// One row of an answer; valid inside the callback only. Columns count from 0.
class Row {
 public:
  [[nodiscard]] int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  friend class Database;
  explicit Row(void* statement) : statement_(statement) {}
  void* statement_;
};

/// One SQLite connection: WAL, synchronous=FULL, busy timeout 10 s, statements prepared once and
/// kept. In SQL it has checksum(…), a number that follows from its arguments and their types.
///
/// Thread safety: not safe; each thread opens its own on the same file.
class Database {
 public:
  enum class Mode { read_write, read_only };
  /// How long a connection waits for a lock that another holds.
  static constexpr int kBusyTimeoutMs = 10'000;
  /// Makes the file if missing (read_write). read_only also works in a folder where nothing can be
  /// made. Error unusable: says what to do.
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::string& path,
                                                              Mode mode = Mode::read_write,
                                                              int busy_timeout_ms = kBusyTimeoutMs);
  ~Database();

  [[nodiscard]] const std::string& path() const;

  [[nodiscard]] Status run(std::string_view sql, std::initializer_list<Value> values = {});
  [[nodiscard]] Status query(std::string_view sql, std::initializer_list<Value> values,
                             const std::function<void(const Row&)>& each);
  /// Statements with nothing to bind, parted by semicolons; they are not kept prepared.
  [[nodiscard]] Status run_script(const std::string& sql);
  [[nodiscard]] Result<bool> has_row(std::string_view sql,
                                     std::initializer_list<Value> values = {});
  /// Rows changed by the last run().
  [[nodiscard]] int64_t changes() const;

  [[nodiscard]] Status begin_immediate();
  [[nodiscard]] Status commit();
  void rollback();  // also after a failed commit; no open transaction is fine
  /// Runs `work` in a savepoint of the transaction, perhaps within another: when it fails, nothing
  /// of what it did stays. Gives its outcome. REQUIRES: a transaction was begun.
  [[nodiscard]] Status in_savepoint(const std::function<Status()>& work);

  /// PRAGMA quick_check. Error damaged: with SQLite's first words on it.
  [[nodiscard]] Status quick_check();

  /// Changes whenever another connection changed the database (PRAGMA data_version): a copy of rows
  /// in memory is out of date then.
  [[nodiscard]] Result<int64_t> data_version();

  /// Writes what this connection sees to a new file: all of one moment, also beside a writer, and
  /// within a transaction that of the transaction. Gives false when `is_stopped` said so first.
  /// Error full: no room for the copy.
  [[nodiscard]] Result<bool> copy_to(const std::string& path,
                                     const std::function<bool()>& is_stopped);
  /// Opened read_only in a folder where nothing can be made, without a writer: it sees what the
  /// file holds, whatever others write from now on.
  [[nodiscard]] bool reads_file_at_rest() const;

 private:
  Database();
  [[nodiscard]] static Result<std::unique_ptr<Database>> open_as(const std::string& name,
                                                                 const std::string& path, Mode mode,
                                                                 int busy_timeout_ms);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::store
