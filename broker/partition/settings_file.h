#pragma once

#include <string>

#include "broker/storage/file_system.h"
#include "broker/storage/topic_settings_json.h"

namespace hailstorm::broker {

/// The file `topics.json` of a running broker: it knows whether the settings on the disk are the
/// ones that were saved last.
///
/// Thread safety: not safe. `files` must remain live while it is in use.
class SettingsFile {
 public:
  SettingsFile(storage::FileSystem& files, std::string data_folder)
      : files_(files), data_folder_(std::move(data_folder)) {}

  /// Durable once it returned. After an error the earlier settings are on the disk, or is_unsure().
  [[nodiscard]] Status save(const storage::StoreSettings& settings);
  /// True: a save failed when the new settings were in place, but not yet durable. A power cut may
  /// bring the old ones back, so no folder that either of them names may be touched.
  [[nodiscard]] bool is_unsure() const { return is_unsure_; }

 private:
  storage::FileSystem& files_;
  const std::string data_folder_;
  bool is_unsure_ = false;
};

}  // namespace hailstorm::broker
