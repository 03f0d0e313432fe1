#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "broker/storage/forwarding_file_system.h"
#include "broker/sync_record/record_file.h"
#include "broker/sync_record/sync_record.h"

namespace hailstorm::storage {

/// A FileSystem that records in a file which bytes and names no sync has covered, for the lab:
/// after a SIGKILL a power cut can then be made of it (power_cut.h). Each call notes some
/// lines more there; what needs more than kMostUndoBytes to be undone is made durable at once
/// instead.
///
/// Thread safety: safe, but for the files themselves, as File says.
class SyncRecorder final : public ForwardingFileSystem {
 public:
  static constexpr uint64_t kMostUndoBytes = 64 << 10;

  /// Goes on with what `record_path` holds; a new one takes all that is there for durable. `files`
  /// must remain live while this is in use. Errors: io, corrupt.
  [[nodiscard]] static Result<std::unique_ptr<SyncRecorder>> open(FileSystem& files,
                                                                  const std::string& record_path);
  ~SyncRecorder() override;

  Result<std::unique_ptr<File>> open(const std::string& path, Mode mode) override;
  Status create_folder(const std::string& path) override;
  Status remove(const std::string& path) override;
  Status remove_folder(const std::string& path) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status sync_folder(const std::string& path) override;

 private:
  class RecordedFile;
  /// A sync that has begun: what it will have covered.
  struct Sync {
    SyncRecord::Ranges ranges;
    uint64_t size = 0;
  };
  /// What several open files of one name share.
  struct Followed {
    std::string path;  // empty: removed
    std::list<Sync> syncs;
  };

  SyncRecorder(FileSystem& files, std::unique_ptr<RecordFile> file, SyncRecord record);
  [[nodiscard]] Status note(const std::string& lines);
  using Remove = Status (FileSystem::*)(const std::string&);
  [[nodiscard]] Status remove_by(Remove call, const std::string& path);
  [[nodiscard]] Status rename_folder(const std::string& from, const std::string& to);
  /// What `path` holds, for its name may get other contents.
  [[nodiscard]] Result<std::string> line_of_former(const std::string& path);
  [[nodiscard]] std::shared_ptr<Followed> follow(const std::string& path);
  void forget(const std::string& path);

  std::mutex mutex_;
  const std::unique_ptr<RecordFile> file_;
  SyncRecord record_;
  std::map<std::string, std::weak_ptr<Followed>> followed_;
};

}  // namespace hailstorm::storage
