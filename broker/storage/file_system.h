#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/result.h"

namespace hailstorm::storage {

/// Goes through every layer of the broker's disk path.
enum class StorageErrc {
  io,                // the operating system refused; the partition stops
  no_space,          // ENOSPC; resumes by itself
  out_of_resources,  // EMFILE, ENFILE, ENOMEM: nothing was done; resumes by itself
  corrupt,           // stored bytes are not what was written; names file and byte
  not_found,
  already_exists,
  invalid,            // the caller's batch or argument is not acceptable
  invalid_timestamp,  // a record's time is before 1970 or too far ahead of the broker's clock
  out_of_range,       // an offset below the log's start or above its end
  out_of_order_sequence,
  duplicate_sequence,  // older than the remembered batches; written before, offset unknown
  fenced_producer,
  unknown_producer,
  too_large,
  stopped,  // the partition failed earlier and takes no more writes
};
[[nodiscard]] std::string_view name_of(StorageErrc code);
/// The same may succeed later, and what is there is as it was.
[[nodiscard]] bool may_pass(const Error& error);

/// An open file. Positions and sizes in bytes.
///
/// Thread safety: sync() may run beside any other call; otherwise not safe.
class File {
 public:
  virtual ~File() = default;

  /// Bytes read, fewer than asked only at the end of the file. EINTR is retried inside.
  [[nodiscard]] virtual Result<size_t> read_at(uint64_t position, MutableBytes into) = 0;
  /// Writes all, retrying short writes and EINTR inside; an error leaves an unknown part written.
  [[nodiscard]] virtual Status write_at(uint64_t position, Bytes bytes) = 0;
  /// Contents and size are durable once it returned (fdatasync).
  [[nodiscard]] virtual Status sync() = 0;
  [[nodiscard]] virtual Status truncate(uint64_t size) = 0;
  [[nodiscard]] virtual Result<uint64_t> size() = 0;
  /// What tells the file from a copy of it (the inode's number).
  [[nodiscard]] virtual Result<uint64_t> identity() = 0;
};

/// Room on a disk for an ordinary user, in bytes.
struct DiskSpace {
  uint64_t free_bytes = 0;
  uint64_t total_bytes = 0;
};

/// The broker's only way to a disk, so that tests can make it fail.
///
/// Thread safety: safe.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  enum class Mode { read, read_write, create };  // create: read and write, made if missing

  [[nodiscard]] virtual Result<std::unique_ptr<File>> open(const std::string& path, Mode mode) = 0;
  [[nodiscard]] virtual Result<std::vector<std::string>> list(
      const std::string& folder) = 0;  // names
  [[nodiscard]] virtual bool exists(const std::string& path) = 0;
  [[nodiscard]] virtual Status create_folder(const std::string& path) = 0;  // with its parents
  [[nodiscard]] virtual Status remove(const std::string& path) = 0;         // a file
  [[nodiscard]] virtual Status remove_folder(const std::string& path) = 0;  // with its files
  [[nodiscard]] virtual Status rename(const std::string& from, const std::string& to) = 0;
  /// The folder's entries are durable once it returned.
  [[nodiscard]] virtual Status sync_folder(const std::string& path) = 0;
  /// When the file's bytes were last changed, in ms since 1970.
  [[nodiscard]] virtual Result<int64_t> modified_ms(const std::string& path) = 0;
  /// Of the disk that holds the folder.
  [[nodiscard]] virtual Result<DiskSpace> space(const std::string& folder) = 0;
};

/// The machine's own.
[[nodiscard]] std::unique_ptr<FileSystem> make_posix_file_system();

}  // namespace hailstorm::storage
