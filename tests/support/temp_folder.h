#pragma once

#include <filesystem>
#include <mutex>
#include <set>
#include <stdlib.h>
#include <string>

#include "common/base/check.h"

namespace hailstorm::testing {

/// A fresh folder that goes away with this object. Thread safety: not safe.
class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "hailstorm-XXXXXX").string();
    HAIL_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
    const std::lock_guard lock(mutex_);
    live_.insert(path_);
  }
  ~TempFolder() {
    const std::lock_guard lock(mutex_);
    live_.erase(path_);
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Removes every folder of this process: for one that ends without destroying its objects. May be
  /// called from any thread.
  static void remove_all() {
    const std::lock_guard lock(mutex_);
    std::error_code ignored;
    for (const auto& path : live_) std::filesystem::remove_all(path, ignored);
  }

 private:
  inline static std::mutex mutex_;
  inline static std::set<std::filesystem::path> live_;  // protected by mutex_

  std::filesystem::path path_;
};

}  // namespace hailstorm::testing
