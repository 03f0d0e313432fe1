#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broker/storage/forwarding_file_system.h"

namespace hailstorm::verify {

/// A FileSystem that shows another one and keeps every change in memory. With it the broker's own
/// recovery can run just to see what it would do: the file system below is only read.
///
/// Of a changed file, all bytes from the first changed one on are kept in memory. Recovery only
/// cuts logs and writes small files.
///
/// Thread safety: not safe. What it shows must remain live while this and its files are in use.
class DryRunFileSystem final : public storage::ForwardingFileSystem {
 public:
  using ForwardingFileSystem::ForwardingFileSystem;

  /// One file that would be changed. A size that is missing: there was, or would be, no such file.
  struct Change {
    std::string path;
    std::optional<uint64_t> size_before;
    std::optional<uint64_t> size_after;
  };
  /// In the order of the paths.
  [[nodiscard]] std::vector<Change> changes() const;

  Result<std::unique_ptr<storage::File>> open(const std::string& path, Mode mode) override;
  Result<std::vector<std::string>> list(const std::string& folder) override;
  bool exists(const std::string& path) override;
  Status create_folder(const std::string& path) override;
  Status remove(const std::string& path) override;
  Status remove_folder(const std::string& path) override;
  /// Of a file; error invalid for a folder, which no start renames.
  Status rename(const std::string& from, const std::string& to) override;
  Status sync_folder(const std::string& path) override;

 private:
  class OpenFile;
  struct Node {
    std::shared_ptr<storage::File> below;  // null: all of it is in `rest`
    uint64_t kept_bytes = 0;               // the first bytes, which are still those below
    std::vector<uint8_t> rest;             // the bytes after them
    std::optional<uint64_t> size_before;
    uint64_t identity = 0;
    bool is_changed = false;

    [[nodiscard]] uint64_t size() const noexcept { return kept_bytes + rest.size(); }
    /// Takes over the bytes from `position` on, so that they can be changed.
    [[nodiscard]] Status take_from(uint64_t position);
    void keep(uint64_t bytes);
  };
  [[nodiscard]] Result<std::shared_ptr<Node>> node_of(const std::string& path);

  std::map<std::string, std::shared_ptr<Node>> nodes_;      // opened or changed
  std::map<std::string, std::optional<uint64_t>> removed_;  // with their sizes
  std::set<std::string> folders_;                           // made
  uint64_t last_identity_ = uint64_t{1} << 63;              // a disk gives no such number
};

}  // namespace hailstorm::verify
