#include "broker/partition/settings_file.h"

#include "broker/storage/file_names.h"
#include "broker/storage/whole_file.h"

namespace hailstorm::broker {

Status SettingsFile::save(const storage::StoreSettings& settings) {
  const std::string text = storage::to_json(settings);
  const auto name = storage::file_names::kTopics;
  const Status saved = storage::replace_file(files_, data_folder_, name, as_bytes(text));
  if (saved.ok()) {
    is_unsure_ = false;
  } else {
    const auto there = storage::read_file(files_, data_folder_ + "/" + std::string(name));
    is_unsure_ = is_unsure_ || !there.ok() || as_text(*there) == text;
  }
  return saved;
}

}  // namespace hailstorm::broker
