#include "services/lab/backup/log_cut.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>

#include "services/lab/backup/errors.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTopics = "topics.json";
constexpr const char* kVersion = "VERSION";
constexpr const char* kSegmentSwap = "segment-swap";  // there while compaction exchanges segments
constexpr size_t kLargestText = 64 << 20;

Error is_moving(const fs::path& path) {
  return {BackupErrc::moving, path.string() + " changed while it was looked at"};
}

Result<uint64_t> size_of(const OpenFile& file, const fs::path& path) {
  struct stat found {};
  if (::fstat(file.get(), &found) != 0) return file_error("read", path.string());
  return static_cast<uint64_t>(found.st_size);
}

/// Nothing: there is no such file.
Result<std::optional<std::string>> read_text_once(const fs::path& path) {
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 && errno == ENOENT) return std::optional<std::string>();
  if (file.get() < 0) return file_error("read", path.string());
  HAIL_ASSIGN_OR_RETURN(const uint64_t size, size_of(file, path));
  std::string text(std::min<uint64_t>(size, kLargestText), '\0');
  const ssize_t got = ::pread(file.get(), text.data(), text.size(), 0);
  if (got < 0) return file_error("read", path.string());
  text.resize(static_cast<size_t>(got));
  return std::optional<std::string>(std::move(text));
}

/// Some of these files are written in place: a text is complete if two reads give the same.
Result<std::optional<std::string>> read_text(const fs::path& path) {
  HAIL_ASSIGN_OR_RETURN(auto text, read_text_once(path));
  HAIL_ASSIGN_OR_RETURN(const auto again, read_text_once(path));
  if (text != again) return is_moving(path);
  return text;
}

Result<std::string> read_needed_text(const fs::path& path) {
  HAIL_ASSIGN_OR_RETURN(auto text, read_text(path));
  if (text) return std::move(*text);
  return Error(BackupErrc::not_a_data_folder,
               path.string() + " is not there, so this is not a broker's data folder");
}

/// "rides-3".
bool is_partition(const std::string& name) {
  const size_t dash = name.rfind('-');
  return dash != std::string::npos && dash > 0 && dash + 1 < name.size() &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(dash) + 1, name.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0; });
}

}  // namespace

Result<LogCut::Names> LogCut::list() const {
  Names names;
  std::error_code failure;
  fs::directory_iterator folder(folder_, failure);
  for (const fs::directory_iterator end; !failure && folder != end; folder.increment(failure)) {
    const std::string name = folder->path().filename().string();
    if (!is_partition(name) || !folder->is_directory(failure)) continue;
    auto& segments = names[name];
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator(folder->path(), gone)) {
      if (entry.path().extension() == ".log") segments.insert(entry.path().filename().string());
    }
    if (gone) return is_moving(folder->path());
  }
  if (!failure) return names;
  errno = failure.value();
  return file_error("read", folder_.string());
}

Result<bool> LogCut::is_as_opened(const std::string& name, const Partition& partition) const {
  std::error_code failure;
  if (fs::exists(folder_ / name / kSegmentSwap, failure)) return false;
  for (const Segment& segment : partition.segments) {
    const fs::path path = folder_ / name / segment.name;
    struct stat opened {};
    struct stat now {};
    if (::fstat(segment.file.get(), &opened) != 0) return file_error("read", path.string());
    if (::stat(path.c_str(), &now) != 0 || now.st_ino != opened.st_ino) return false;
  }
  return true;
}

Result<LogCut::Partition> LogCut::open_partition(const std::string& name,
                                                 const std::set<std::string>& segments) const {
  Partition partition;
  for (const auto& segment : segments) {
    const fs::path path = folder_ / name / segment;
    OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0 && errno == ENOENT) return is_moving(path);
    if (file.get() < 0) return file_error("read", path.string());
    HAIL_ASSIGN_OR_RETURN(const uint64_t bytes, size_of(file, path));
    partition.segments.push_back({segment, std::move(file), bytes});
  }
  // After the segments: their log start is then true of the segments that are open.
  for (const char* mark : {"partition", "checkpoint"}) {
    HAIL_ASSIGN_OR_RETURN(auto text, read_text(folder_ / name / mark));
    if (text) partition.marks.emplace(mark, std::move(*text));
  }
  HAIL_ASSIGN_OR_RETURN(const bool is_still_so, is_as_opened(name, partition));
  if (!is_still_so) return is_moving(folder_ / name);
  return partition;
}

Result<LogCut> LogCut::open(const fs::path& broker_folder) {
  LogCut cut(broker_folder);
  HAIL_ASSIGN_OR_RETURN(cut.version_, read_needed_text(broker_folder / kVersion));
  HAIL_ASSIGN_OR_RETURN(cut.topics_, read_needed_text(broker_folder / kTopics));
  HAIL_ASSIGN_OR_RETURN(const Names names, cut.list());
  for (const auto& [name, segments] : names) {
    HAIL_ASSIGN_OR_RETURN(auto partition, cut.open_partition(name, segments));
    cut.partitions_.emplace(name, std::move(partition));
  }
  return cut;
}

Status LogCut::take() {
  for (auto& [name, partition] : partitions_) {
    if (partition.segments.empty()) continue;
    Segment& growing = partition.segments.back();
    HAIL_ASSIGN_OR_RETURN(growing.bytes, size_of(growing.file, folder_ / name / growing.name));
  }
  return {};
}

Result<bool> LogCut::is_whole() const {
  HAIL_ASSIGN_OR_RETURN(const std::string topics, read_needed_text(folder_ / kTopics));
  if (topics != topics_) return false;
  HAIL_ASSIGN_OR_RETURN(const Names now, list());
  for (const auto& [name, segments] : now) {
    const auto known = partitions_.find(name);
    if (known == partitions_.end()) return false;
    for (const auto& segment : segments) {
      const auto& opened = known->second.segments;
      if (std::none_of(opened.begin(), opened.end(),
                       [&](const Segment& one) { return one.name == segment; }))
        return false;
    }
  }
  return true;
}

uint64_t LogCut::bytes() const {
  uint64_t bytes = 0;
  for (const auto& [name, partition] : partitions_) {
    for (const auto& segment : partition.segments) bytes += segment.bytes;
  }
  return bytes;
}

Result<std::vector<CopiedFile>> LogCut::copy_to(const fs::path& root,
                                                const IsStopped& is_stopped) const {
  std::vector<CopiedFile> files;
  const auto add_text = [&](const std::string& path, const std::string& text) -> Status {
    HAIL_ASSIGN_OR_RETURN(auto file, write_file(text, root, "broker/" + path));
    files.push_back(std::move(file));
    return {};
  };
  HAIL_RETURN_IF_ERROR(add_text(kVersion, version_));
  HAIL_RETURN_IF_ERROR(add_text(kTopics, topics_));
  for (const auto& [name, partition] : partitions_) {
    for (const auto& [mark, text] : partition.marks)
      HAIL_RETURN_IF_ERROR(add_text(fmt::format("{}/{}", name, mark), text));
    for (const auto& segment : partition.segments) {
      HAIL_ASSIGN_OR_RETURN(
          auto file,
          copy_file(segment.file, (folder_ / name / segment.name).string(), segment.bytes, root,
                    fmt::format("broker/{}/{}", name, segment.name), is_stopped));
      files.push_back(std::move(file));
    }
  }
  return files;
}

}  // namespace hailstorm::lab
