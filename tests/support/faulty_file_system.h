#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "broker/storage/file_system.h"

namespace hailstorm::testing {

/// A FileSystem in memory that knows what a power cut would leave, and breaks on demand. Paths are
/// absolute; what was opened before cut_power() or restart() must not be used afterwards.
///
/// Strict on purpose: a file's bytes are durable only after its own sync(), its name only after
/// sync_folder().
///
/// Thread safety: safe, but for the files themselves, as File says.
class FaultyFileSystem final : public storage::FileSystem {
 public:
  // short_write: half is written, then io. no_descriptor: as EMFILE; a sync of an open file needs
  // none.
  enum class Fault { io, no_space, short_write, no_descriptor };

  /// The `nth` change from now on (1: the next) fails so, and the `count` - 1 after it. Only
  /// changes count: write, truncate, sync, making, renaming and removing. An open for reading and a
  /// read count only after count_reads().
  void fail_nth(uint64_t nth, Fault fault, uint64_t count = 1);
  void count_reads();
  /// From the nth change on, nothing works any more, as if the process had died there.
  void freeze_at(uint64_t nth);
  /// Ends fail_nth() and freeze_at().
  void heal();
  /// Changes since the last fail_nth(), freeze_at() or heal().
  [[nodiscard]] uint64_t changes() const;
  [[nodiscard]] bool has_failed() const;  // since the same
  [[nodiscard]] uint64_t sync_count() const;

  /// Bytes that all files together may hold; a write beyond writes what fits and fails with
  /// no_space.
  void set_capacity(std::optional<uint64_t> bytes);
  [[nodiscard]] uint64_t used_bytes() const;

  /// The time that files get which are changed from now on.
  void set_wall_ms(int64_t wall_ms);

  /// All that no sync covers is lost: bytes and names. Of the bytes after a file's durable end
  /// `keep_bytes` are kept, as a disk may do.
  void cut_power(uint64_t keep_bytes = 0);
  /// As cut_power(), but each unsynced name and each unsynced sector of a file is kept or lost on
  /// its own, drawn from `seed`: what a disk leaves that writes in an order of its own.
  void cut_power_reordered(uint64_t seed);
  static constexpr size_t kSectorBytes = 512;

  /// A file's bytes, to look at and to damage; null: there is none.
  [[nodiscard]] std::vector<uint8_t>* contents(const std::string& path);
  /// Everything, by path.
  [[nodiscard]] std::map<std::string, std::vector<uint8_t>> all_files() const;

  Result<std::unique_ptr<storage::File>> open(const std::string& path, Mode mode) override;
  Result<std::vector<std::string>> list(const std::string& folder) override;
  bool exists(const std::string& path) override;
  Status create_folder(const std::string& path) override;
  Status remove(const std::string& path) override;
  Status remove_folder(const std::string& path) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status sync_folder(const std::string& path) override;
  Result<int64_t> modified_ms(const std::string& path) override;
  Result<storage::DiskSpace> space(const std::string& folder) override;

 private:
  class OpenFile;
  struct Node {
    bool is_folder = false;
    uint64_t identity = 0;
    int64_t modified_ms = 0;
    std::vector<uint8_t> bytes;
    std::vector<uint8_t> durable_bytes;
  };
  using Tree = std::map<std::string, std::shared_ptr<Node>>;

  /// Counts one change; its error if it is the one to fail. `code` no value: the change may go on.
  [[nodiscard]] std::optional<Fault> next_fault();
  [[nodiscard]] Status change(const std::string& what);
  [[nodiscard]] uint64_t used_locked() const;
  [[nodiscard]] uint64_t free_locked() const;
  /// What is left of a name when the power is cut: the node, or null for none.
  using Survivor = std::function<std::shared_ptr<Node>(const Node* now, const Node* durable)>;
  void keep_locked(const Survivor& survivor);

  mutable std::mutex mutex_;
  Tree tree_;
  Tree durable_tree_;
  uint64_t last_identity_ = 0;
  uint64_t changes_ = 0;
  uint64_t syncs_ = 0;
  uint64_t fail_at_ = 0;
  uint64_t fail_count_ = 1;
  uint64_t freeze_at_ = 0;
  Fault fault_ = Fault::io;
  bool has_failed_ = false;
  bool reads_count_ = false;
  int64_t wall_ms_ = 0;
  std::optional<uint64_t> capacity_;
};

}  // namespace hailstorm::testing
