#pragma once

#include <memory>
#include <string>
#include <vector>

#include "broker/storage/file_system.h"

namespace hailstorm::storage {

/// A FileSystem that hands each call to another one: the base of those that change some calls.
///
/// Thread safety: as the other one. It must remain live while this is in use.
class ForwardingFileSystem : public FileSystem {
 public:
  explicit ForwardingFileSystem(FileSystem& below) : below_(below) {}

  Result<std::unique_ptr<File>> open(const std::string& path, Mode mode) override {
    return below_.open(path, mode);
  }
  Result<std::vector<std::string>> list(const std::string& folder) override {
    return below_.list(folder);
  }
  bool exists(const std::string& path) override { return below_.exists(path); }
  Status create_folder(const std::string& path) override { return below_.create_folder(path); }
  Status remove(const std::string& path) override { return below_.remove(path); }
  Status remove_folder(const std::string& path) override { return below_.remove_folder(path); }
  Status rename(const std::string& from, const std::string& to) override {
    return below_.rename(from, to);
  }
  Status sync_folder(const std::string& path) override { return below_.sync_folder(path); }
  Result<int64_t> modified_ms(const std::string& path) override { return below_.modified_ms(path); }
  Result<DiskSpace> space(const std::string& folder) override { return below_.space(folder); }

 protected:
  [[nodiscard]] FileSystem& below() const { return below_; }

 private:
  FileSystem& below_;
};

}  // namespace hailstorm::storage
