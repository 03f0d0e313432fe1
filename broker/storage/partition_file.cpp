#include "broker/storage/partition_file.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <sstream>

#include "broker/storage/file_names.h"
#include "broker/storage/whole_file.h"
#include "common/base/check.h"
#include "common/wire/crc32c.h"

namespace hailstorm::storage {
namespace {

constexpr std::string_view kPartitionTitle = "hailstorm-partition";
constexpr size_t kCrcBytes = sizeof(" crc 01234567\n") - 1;

std::string with_crc(const std::string& text) {
  return text + fmt::format(" crc {:08x}\n", wire::crc32c(as_bytes(text)));
}

std::string owner_line(const PartitionFile::Owner& owner) {
  return with_crc(fmt::format("{} 1 {} {}", kPartitionTitle, owner.name, owner.topic_id.text()));
}

/// Of a fixed width, so that it can be written over.
std::string start_line(int64_t offset) { return with_crc(fmt::format("start {:020}", offset)); }
const size_t kStartLineBytes = start_line(0).size();

std::optional<PartitionFile::Owner> parse_owner(std::string_view line) {
  if (line.size() < kCrcBytes) return std::nullopt;
  std::istringstream fields{std::string(line.substr(0, line.size() - kCrcBytes))};
  std::string title, format, id;
  PartitionFile::Owner owner;
  if (!(fields >> title >> format >> owner.name >> id)) return std::nullopt;
  const auto topic_id = Uuid::parse(id);
  if (!topic_id) return std::nullopt;
  owner.topic_id = *topic_id;
  if (owner_line(owner) != line) return std::nullopt;
  return owner;
}

int64_t parse_start(std::string_view line) {
  constexpr size_t kAt = sizeof("start ") - 1;
  int64_t offset = -1;
  std::from_chars(line.data() + kAt, line.data() + kAt + 20, offset);
  return offset >= 0 && start_line(offset) == line ? offset : -1;
}

Error damaged(const std::string& path, std::string_view why) {
  return {StorageErrc::corrupt,
          fmt::format("{} is damaged: {}; nothing was changed. Restore it from a copy or delete "
                      "the topic. To go on with the segments that are there, {}",
                      path, why, kHowToTakeAsItIs)};
}

}  // namespace

PartitionFile::PartitionFile(FileSystem& files, const std::string& folder, Owner owner)
    : files_(&files),
      path_(folder + "/" + std::string(file_names::kPartition)),
      owner_(std::move(owner)) {}

Result<std::optional<PartitionFile>> PartitionFile::read(FileSystem& files,
                                                         const std::string& folder) {
  const std::string path = folder + "/" + std::string(file_names::kPartition);
  if (!files.exists(path)) return std::optional<PartitionFile>();
  HAIL_ASSIGN_OR_RETURN(const auto bytes, read_file(files, path));
  const std::string_view text = as_text(bytes);
  const size_t starts_at = text.find('\n') + 1;
  if (starts_at == 0 || text.size() != starts_at + 2 * kStartLineBytes)
    return damaged(path, "it has not its three lines");
  auto owner = parse_owner(text.substr(0, starts_at));
  if (!owner) return damaged(path, "its first line does not have its CRC");
  PartitionFile found(files, folder, std::move(*owner));
  for (size_t i = 0; i < 2; ++i)
    found.starts_[i] = parse_start(text.substr(starts_at + i * kStartLineBytes, kStartLineBytes));
  if (found.start() < 0) return damaged(path, "neither of its lines 'start' has its CRC");
  return std::optional<PartitionFile>(std::move(found));
}

Result<PartitionFile> PartitionFile::make(FileSystem& files, const std::string& folder, Owner owner,
                                          int64_t start) {
  PartitionFile made(files, folder, std::move(owner));
  made.starts_ = {start, start};
  const std::string text = owner_line(made.owner_) + start_line(start) + start_line(start);
  HAIL_RETURN_IF_ERROR(replace_file(files, folder, file_names::kPartition, as_bytes(text)));
  return made;
}

Status PartitionFile::move_start(int64_t offset) {
  HAIL_CHECK(offset >= start());
  const size_t other = starts_[0] < starts_[1] ? 0 : 1;
  HAIL_ASSIGN_OR_RETURN(const auto file, files_->open(path_, FileSystem::Mode::read_write));
  const uint64_t position = owner_line(owner_).size() + other * kStartLineBytes;
  HAIL_RETURN_IF_ERROR(file->write_at(position, as_bytes(start_line(offset))));
  HAIL_RETURN_IF_ERROR(file->sync());
  starts_[other] = offset;
  return {};
}

}  // namespace hailstorm::storage
