#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "common/base/folder_error.h"
#include "common/base/result.h"

namespace hailstorm {

/// A process's data folder, which its owner alone may look into: made if missing (and then durably,
/// with its parents), marked with its format's version (file `VERSION`, one line "NAME FORMAT")
/// and, if exclusive, locked (file `LOCK`, flock) for as long as this object lives, so that no
/// second process and no older program touches it.
///
/// Thread safety: not safe.
class DataFolder {
 public:
  enum class Sharing { exclusive, shared };

  /// `format` is the version that this program writes and reads. Takes a
  /// folder that is not there, is empty or has a VERSION of its own, and touches no other. Errors:
  /// all of FolderErrc; each says what to do.
  [[nodiscard]] static Result<DataFolder> open(const std::filesystem::path& path,
                                               std::string_view name, int format, Sharing sharing);
  /// For a look at a folder that is there: makes and changes nothing, but keeps a program that
  /// wants it for itself away while this object lives, if the folder has its LOCK (a copy may lack
  /// it). Errors as open(); a folder without VERSION is not_usable.
  [[nodiscard]] static Result<DataFolder> look(const std::filesystem::path& path,
                                               std::string_view name, int format);
  ~DataFolder();
  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&& other) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  DataFolder(std::filesystem::path path, int lock_fd) : path_(std::move(path)), lock_fd_(lock_fd) {}
  std::filesystem::path path_;
  int lock_fd_;
};

}  // namespace hailstorm
