#pragma once

#include <cstdint>
#include <filesystem>

#include "tests/support/temp_folder.h"

namespace hailstorm::testing {

/// A disk of 16 MiB that only this program and its children see.
///
/// Thread safety: not safe. Made before the program has other threads.
class SmallDisk {
 public:
  SmallDisk();
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  /// False where mounting is not permitted.
  [[nodiscard]] bool is_mounted() const { return is_mounted_; }
  [[nodiscard]] std::filesystem::path path() const { return folder_.path(); }
  /// Somebody else's file takes all that is free but so many bytes.
  void leave(uint64_t bytes) const;
  void remove_filler() const { std::filesystem::remove(path() / "filler"); }

 private:
  TempFolder folder_;
  bool is_mounted_ = false;
};

}  // namespace hailstorm::testing
