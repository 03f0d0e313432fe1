#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "broker/storage/file_system.h"
#include "broker/storage/log.h"
#include "broker/storage/topic_settings_json.h"
#include "common/base/clock.h"
#include "common/wire/messages.h"

/// What a start of the broker reads in its data folder, step by step: for the store itself and for
/// those who only want to know what a start would do. All of these may be called from any thread.
namespace hailstorm::storage {

/// What the data folder's VERSION says: who wrote it, in which format.
inline constexpr std::string_view kFolderOwner = "hail-broker";
inline constexpr int kFolderFormat = 1;

/// The settings in `folder`, or nothing: it is new. Errors: corrupt (topics.json is damaged, or
/// missing although there are partitions), io.
[[nodiscard]] Result<std::optional<StoreSettings>> read_settings(FileSystem& files,
                                                                 const std::string& folder);

/// Opens the log of a partition that the settings name, which therefore must be there. `topic_id`
/// zero: not known. Errors: corrupt (damaged, incomplete, or another partition's), io, no_space.
[[nodiscard]] Result<std::unique_ptr<Log>> open_known_log(FileSystem& files, const Clock& clock,
                                                          const std::string& path,
                                                          const Uuid& topic_id,
                                                          const wire::TopicConfig& config);

}  // namespace hailstorm::storage
