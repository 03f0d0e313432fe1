#include "broker/verify/verify.h"

#include <set>

#include "broker/storage/file_names.h"
#include "broker/storage/store_folder.h"
#include "broker/verify/check_partition.h"
#include "common/base/version_file.h"

namespace hailstorm::verify {
namespace {

namespace file_names = storage::file_names;

const std::set<std::string, std::less<>> kOwnFiles = {"VERSION", "LOCK",
                                                      std::string(file_names::kTopics)};

std::vector<std::string> partitions_of(const storage::StoreSettings& settings) {
  std::vector<std::string> names;
  for (const auto& [topic, known] : settings.topics) {
    for (int32_t i = 0; i < known.config.partitions; ++i)
      names.push_back(file_names::partition_folder(topic, i));
  }
  return names;
}

std::vector<std::string> partitions_among(const std::vector<std::string>& names) {
  std::vector<std::string> partitions;
  for (const auto& name : names) {
    if (file_names::parse_partition_folder(name)) partitions.push_back(name);
  }
  return partitions;
}

/// What lies in the folder besides the partitions that the broker opens.
void check_others(const std::vector<std::string>& names, const std::set<std::string>& opened,
                  FolderReport& report) {
  for (const auto& name : names) {
    if (kOwnFiles.contains(name) || opened.contains(name)) continue;
    if (name.ends_with(file_names::kDeleted)) {
      report.add({Severity::mended, name, std::nullopt, "a deletion was cut short",
                  "the next start removes the folder"});
    } else if (name.ends_with(file_names::kTemporary) || version_file::is_left_over(name)) {
      report.add({Severity::mended, name, std::nullopt, "left over by a crash",
                  "it is never read, and written over in time"});
    } else if (file_names::parse_partition_folder(name)) {
      report.add({Severity::note, name, std::nullopt, "topics.json names no such partition",
                  "the broker leaves the folder alone until a topic of that name is made, which "
                  "removes it"});
    } else {
      report.add({Severity::note, name, std::nullopt, "not the broker's", "it is left alone"});
    }
  }
}

}  // namespace

Result<FolderReport> verify_folder(
    storage::FileSystem& files, const Clock& clock, const std::string& folder,
    const std::function<void(const PartitionReport&)>& on_partition) {
  HAIL_ASSIGN_OR_RETURN(const auto names, files.list(folder));
  FolderReport report;
  storage::StoreSettings settings;
  std::vector<std::string> partitions;
  const auto read = storage::read_settings(files, folder);
  report.starts = read.ok();
  if (!read.ok()) {
    report.add({Severity::damaged, std::string(file_names::kTopics), std::nullopt,
                read.error().message(), "the broker does not start"});
    partitions = partitions_among(names);
  } else if (*read) {
    settings = **read;
    partitions = partitions_of(settings);
  }
  for (const auto& name : partitions) {
    const auto checked = check_partition(files, clock, folder + "/" + name, settings);
    report.add(checked);
    on_partition(checked);
  }
  check_others(names, {partitions.begin(), partitions.end()}, report);
  return report;
}

}  // namespace hailstorm::verify
