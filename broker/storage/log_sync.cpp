#include "broker/storage/log_sync.h"

#include "broker/storage/file_names.h"
#include "broker/storage/recovery_point.h"
#include "broker/storage/whole_file.h"
#include "common/base/logging.h"

namespace hailstorm::storage {

Status LogSync::sync() {
  const auto& [files, folder, file, folder_changed, checkpoint, end, segments_begun] = plan_;
  HAIL_RETURN_IF_ERROR(file->sync());
  if (folder_changed) HAIL_RETURN_IF_ERROR(files->sync_folder(folder));
  // Without it recovery takes a bad batch at the end for a torn tail, as before the first sync.
  if (const auto identity = file->identity(); identity.ok()) {
    const RecoveryPoint point{file_names::last_part(folder), end.segment_base, end.position,
                              end.offset, *identity};
    static_cast<void>(write_recovery_point(*files, folder, point).ok());
  }
  if (checkpoint.empty()) return {};
  const auto written = replace_file(*files, folder, file_names::kCheckpoint, as_bytes(checkpoint));
  // Without it the next open() only walks more of the log.
  if (!written.ok()) log_warn("cannot write a checkpoint", {{written.error()}});
  return {};
}

}  // namespace hailstorm::storage
