#pragma once

#include <filesystem>
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
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace hailstorm::testing
