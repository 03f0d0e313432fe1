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

/// What a start of the broker reads in its data folder, step by step: for the broker itself and for
/// `hail verify`, which reports what a start would do. All of these may be called from any thread.
namespace hailstorm::storage {

/// What the data folder's file VERSION names: the program that owns it, and its format.
inline constexpr std::string_view kFolderOwner = "hail-broker";
inline constexpr int kFolderFormat = 1;

/// Makes the data folder with its parents. What it made survives a power cut: otherwise all that is
/// stored in it would be lost, too.
[[nodiscard]] Status make_data_folder(FileSystem& files, const std::string& path);
/// Makes the folder's name durable: an earlier start that died may have made it. An error is
/// ignored: the folder may be older than the broker, and its parent may not be readable.
void sync_parent_folder(FileSystem& files, const std::string& path);

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
