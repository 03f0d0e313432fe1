#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/store/database.h"
#include "services/lab/backup/copied_file.h"

namespace hailstorm::lab {

/// Every service's store at one moment. It is read beside the running services, which it does not
/// hold up, and needs no right to write.
///
/// Thread safety: not safe.
class StoreCut {
 public:
  /// A store that is not there is left out. Errors of the store layer.
  [[nodiscard]] static Result<StoreCut> open(const std::filesystem::path& data);

  /// From here on each store is read as it is now. May be called again. Errors of the store layer.
  [[nodiscard]] Status take();
  /// False: in some store a transaction was committed since take(), or while it ran.
  [[nodiscard]] Result<bool> is_current();

  /// What copy_to() writes. REQUIRES: take() succeeded.
  [[nodiscard]] uint64_t bytes();
  [[nodiscard]] size_t stores() const { return stores_.size(); }
  /// To ROOT/SERVICE/SERVICE.db. Errors: cannot_copy, no_room, moving, stopped, and those of the
  /// store layer.
  [[nodiscard]] Result<std::vector<CopiedFile>> copy_to(const std::filesystem::path& root,
                                                        const IsStopped& is_stopped);

 private:
  struct Store {
    std::string service;
    std::filesystem::path path;
    std::unique_ptr<store::Database> moment;   // within a transaction
    std::unique_ptr<store::Database> watcher;  // sees what others commit
    int64_t version = 0;
    int64_t changed_ns = 0;  // the file's time, of a store that is read as a file at rest
  };
  static Result<bool> is_current(Store& store);

  std::vector<Store> stores_;
};

}  // namespace hailstorm::lab
