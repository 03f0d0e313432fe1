#include "common/store/sqlite_error.h"

#include <SQLiteCpp/Exception.h>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include "common/base/enum_name.h"
#include "common/store/store_error.h"

namespace hailstorm::store {
namespace {

StoreErrc code_of(int sqlite_code) {
  switch (sqlite_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return StoreErrc::busy;
    case SQLITE_FULL:
      return StoreErrc::full;
    case SQLITE_CONSTRAINT:
      return StoreErrc::constraint;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return StoreErrc::damaged;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return StoreErrc::unusable;
    default:
      return StoreErrc::failed;
  }
}

/// Of the last call for this file that failed.
int last_errno(sqlite3_file* file) {
  int code = 0;
  if (file != nullptr && file->pMethods != nullptr)
    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &code);
  return code;
}

/// A file that came to the limit of its size (RLIMIT_FSIZE) is a full disk in another form, but
/// SQLite has no code of its own for it.
bool is_too_big(int sqlite_code, sqlite3* connection) {
  if ((sqlite_code & 0xff) != SQLITE_IOERR || connection == nullptr) return false;
  sqlite3_file* database = nullptr;
  sqlite3_file* log = nullptr;
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &database);
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  return last_errno(database) == EFBIG || last_errno(log) == EFBIG;
}

/// SQLite does not keep why a file could not be made or grow, and its answer is "unable to open":
/// the same is tried here. 0: it works.
int errno_of_writing_beside(const std::string& path) {
  const std::string probe = path + ".room";
  const int fd = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return errno;
  const std::string page(4096, '\0');
  int code = 0;
  for (int i = 0; i < 16 && code == 0; ++i) {  // as large as its shared memory
    if (::write(fd, page.data(), page.size()) < 0) code = errno;
  }
  ::close(fd);
  ::unlink(probe.c_str());
  return code;
}

/// The errno that SQLite's code stands for, if it is a shortage; else 0.
int cause_of(int sqlite_code, const std::string& path, bool is_opening_to_write) {
  switch (sqlite_code & 0xff) {
    case SQLITE_FULL:
      return ENOSPC;
    case SQLITE_NOMEM:
      return ENOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return EBUSY;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      return is_opening_to_write ? errno_of_writing_beside(path) : 0;
    default:
      return 0;
  }
}

}  // namespace

std::string_view name_of(StoreErrc code) { return enum_name(code); }

Error error_of(const SQLite::Exception& exception, const std::string& path, sqlite3* connection,
               bool is_opening_to_write) {
  const int code = exception.getExtendedErrorCode() >= 0 ? exception.getExtendedErrorCode()
                                                         : exception.getErrorCode();
  const bool is_too_long = is_too_big(code, connection);
  return Error(is_too_long ? StoreErrc::full : code_of(code),
               fmt::format("{}: {}", path, exception.what()))
      .caused_by(is_too_long ? EFBIG : cause_of(code, path, is_opening_to_write));
}

}  // namespace hailstorm::store
