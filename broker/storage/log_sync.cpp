#include "broker/storage/log_sync.h"

#include "broker/storage/file_names.h"
#include "broker/storage/recovery_point.h"
#include "broker/storage/whole_file.h"
#include "common/base/logging.h"

namespace hailstorm::storage {

Status LogSync::write_point() const {
  HAIL_ASSIGN_OR_RETURN(const uint64_t identity, plan_.file->identity());
  const LogPosition& end = plan_.end;
  const RecoveryPoint point{file_names::last_part(plan_.folder), end.segment_base, end.position,
                            end.offset, identity};
  // An older point may name a segment that the swap removes.
  return write_recovery_point(*plan_.files, plan_.folder, point, plan_.swap.has_value());
}

Status LogSync::write_checkpoint() const {
  const auto written =
      replace_file(*plan_.files, plan_.folder, file_names::kCheckpoint, as_bytes(plan_.checkpoint));
  // Without it the next open() only walks more of the log.
  if (!written.ok()) log_warn("cannot write a checkpoint", {{written.error()}});
  return written;
}

Status LogSync::sync() {
  HAIL_RETURN_IF_ERROR(plan_.file->sync());
  if (plan_.folder_changed) HAIL_RETURN_IF_ERROR(plan_.files->sync_folder(plan_.folder));
  // Without it recovery takes a bad batch at the end for a torn tail, as before the first sync.
  const bool has_point = write_point().ok();
  if (plan_.checkpoint.empty() || !write_checkpoint().ok() || !has_point || !plan_.swap) return {};
  const Status ended = end_segment_swap(*plan_.files, plan_.folder, *plan_.swap);
  has_ended_swap_ = ended.ok();
  if (!ended.ok()) log_warn("cannot remove compacted segments", {{ended.error()}});
  return {};
}

}  // namespace hailstorm::storage
