#include "broker/storage/store_folder.h"

#include <algorithm>

#include "broker/storage/file_names.h"
#include "broker/storage/log.h"
#include "broker/storage/whole_file.h"

namespace hailstorm::storage {

Result<std::optional<StoreSettings>> read_settings(FileSystem& files, const std::string& folder) {
  const std::string path = folder + "/" + std::string(file_names::kTopics);
  if (!files.exists(path)) {
    HAIL_ASSIGN_OR_RETURN(const auto names, files.list(folder));
    const auto partition = std::find_if(names.begin(), names.end(), [](const std::string& name) {
      return file_names::parse_partition_folder(name).has_value();
    });
    if (partition == names.end()) return std::optional<StoreSettings>();
    return Error(StorageErrc::corrupt, path + " is missing although there are partitions ('" +
                                           *partition + "'); restore it from a copy");
  }
  HAIL_ASSIGN_OR_RETURN(const auto text, read_file(files, path));
  auto settings = settings_from_json(text);
  if (!settings.ok()) return std::move(settings).error().in(path + " is damaged");
  return std::optional<StoreSettings>(std::move(settings).value());
}

Result<std::unique_ptr<Log>> open_known_log(FileSystem& files, const Clock& clock,
                                            const std::string& path, const Uuid& topic_id,
                                            const wire::TopicConfig& config) {
  const auto names = files.list(path);
  if (!names.ok() && !names.error().is(StorageErrc::not_found)) return names.error();
  // It was durable before topics.json named it, so a new empty log would hide a loss.
  const bool is_there =
      names.ok() && std::any_of(names->begin(), names->end(), [](const std::string& name) {
        return name == file_names::kPartition || name == file_names::kCheckpoint ||
               name == file_names::kRecoveryPoint ||
               file_names::parse_segment_file(name, file_names::kLog).has_value();
      });
  if (is_there) return Log::open(files, clock, path, topic_id, config);
  return Error(StorageErrc::corrupt,
               path + " holds no segment; restore it from a copy or delete the topic");
}

}  // namespace hailstorm::storage
