#include "broker/storage/partition_log.h"

namespace hailstorm::storage {

Status PartitionLog::sync() {
  auto job = start_sync();
  const Status outcome = job->run();
  return finish_sync(std::move(job), outcome);
}

}  // namespace hailstorm::storage
