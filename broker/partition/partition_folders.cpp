#include "broker/partition/partition_folders.h"

#include "broker/storage/file_names.h"
#include "broker/storage/partition_file.h"
#include "broker/storage/store_folder.h"
#include "common/base/logging.h"

namespace hailstorm::broker {
namespace {

namespace file_names = storage::file_names;
using storage::StorageErrc;

void warn_not_removed(const std::string& folder, const Status& removed) {
  log_warn("cannot remove a folder", {distinct_by({"folder", folder}), {removed.error()}});
}

}  // namespace

std::string PartitionFolders::path_of(const wire::TopicPartition& id) const {
  return data_folder_ + "/" + file_names::partition_folder(id.topic, id.partition);
}

Result<std::unique_ptr<storage::Log>> PartitionFolders::open(const wire::TopicPartition& id,
                                                             const wire::TopicConfig& config) {
  const std::string path = path_of(id);
  auto log = storage::open_known_log(files_, clock_, path, id.topic_id, config);
  if (!log.ok())
    log_error("a partition did not open", {distinct_by({"folder", path}), {log.error()}});
  return log;
}

Result<std::unique_ptr<storage::Log>> PartitionFolders::make(const wire::TopicPartition& id,
                                                             const wire::TopicConfig& config) {
  const std::string path = path_of(id);
  // A crash may have cut short the removal or creation of an earlier topic of this name.
  remove(id);
  if (files_.exists(path))
    return Error(StorageErrc::io, "what is left of an older topic stays in " + path);
  return storage::Log::open(files_, clock_, path, id.topic_id, config);
}

void PartitionFolders::remove(const wire::TopicPartition& id) {
  const std::string path = path_of(id);
  if (!files_.exists(path)) return;
  const std::string renamed = path + std::string(file_names::kDeleted);
  auto removed = files_.exists(renamed) ? files_.remove_folder(renamed) : Status();
  if (removed.ok()) removed = files_.rename(path, renamed);
  if (removed.ok()) removed = files_.remove_folder(renamed);
  // No settings name the folder, and the next start removes what was renamed.
  if (!removed.ok()) warn_not_removed(path, removed);
}

Status PartitionFolders::finish_removals() {
  HAIL_ASSIGN_OR_RETURN(const auto names, files_.list(data_folder_));
  for (const auto& name : names) {
    if (!name.ends_with(file_names::kDeleted)) continue;
    const auto removed = files_.remove_folder(data_folder_ + "/" + name);
    if (!removed.ok()) warn_not_removed(name, removed);  // no reason not to start
  }
  return {};
}

Uuid PartitionFolders::topic_id_in(const wire::TopicPartition& id) const {
  const auto file = storage::PartitionFile::read(files_, path_of(id));
  // A damaged file is found again, and reported, when its partition is opened.
  return file.ok() && *file ? (*file)->owner().topic_id : Uuid();
}

}  // namespace hailstorm::broker
