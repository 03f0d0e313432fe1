#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/result.h"
#include "common/base/stop_signal.h"
#include "services/lab/audit/audit.h"
#include "services/lab/backup/errors.h"
#include "services/lab/backup/manifest.h"

namespace hailstorm::lab {

struct BackupSummary {
  Manifest manifest;
  size_t partitions = 0;
  size_t stores = 0;
  AuditReport audit;  // of the copy
};

/// Copies the platform's log and stores, running or not, to the new folder `dir`, as they were at
/// one moment: as after a SIGKILL of all processes, from which each start recovers. The services
/// are not held up. What riders were answered (DATA/traffic) and the lab's own files are not part
/// of it. Errors: all of BackupErrc but `changed`, and those of the store layer; `dir` is not made
/// then.
[[nodiscard]] Result<BackupSummary> make_backup(const std::filesystem::path& data,
                                                const std::filesystem::path& dir,
                                                const IsStopped& is_stopped, const Clock& clock);

/// What `hail-lab backup` takes.
struct BackupSettings {
  std::string data;
  std::string dir;
  bool check = false;

  void add_to(Options& options);
};

/// `hail-lab backup`. The exit code for main: 0, 1 where the audit of the copy, or the comparison
/// with its list of files, finds something, 2 where no copy was made, 128 + N after signal N.
[[nodiscard]] int run_backup(const BackupSettings& settings, const Clock& clock, StopSignal& stop);

}  // namespace hailstorm::lab
