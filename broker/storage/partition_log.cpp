#include "broker/storage/partition_log.h"

#include "broker/storage/recovery.h"
#include "broker/storage/segmented_log.h"

namespace hailstorm::storage {

Result<std::unique_ptr<PartitionLog>> PartitionLog::open(FileSystem& files, const Clock& clock,
                                                         std::string path,
                                                         const wire::TopicConfig& config) {
  HAIL_RETURN_IF_ERROR(files.create_folder(path));
  HAIL_ASSIGN_OR_RETURN(RecoveredLog recovered, recover(files, path, clock.steady_ms()));
  return std::unique_ptr<PartitionLog>(
      std::make_unique<SegmentedLog>(files, clock, std::move(path), config, std::move(recovered)));
}

Status PartitionLog::sync() {
  auto job = start_sync();
  const Status outcome = job->run();
  return finish_sync(std::move(job), outcome);
}

}  // namespace hailstorm::storage
