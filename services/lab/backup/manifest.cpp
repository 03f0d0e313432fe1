#include "services/lab/backup/manifest.h"

#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <numeric>

#include "common/base/time_text.h"
#include "common/json/json.h"
#include "common/json/member_reader.h"
#include "services/lab/audit/audit.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kManifestFormat = 1;
constexpr size_t kLargestManifest = 256 << 20;

Error no_copy(const fs::path& folder, std::string_view why) {
  return {BackupErrc::not_a_data_folder,
          fmt::format("{} is no copy that 'hail-lab backup' made: {}", folder.string(), why)};
}

Result<std::vector<CopiedFile>> read_manifest(const fs::path& folder) {
  std::ifstream in(folder / kBackupFile);
  if (!in) return no_copy(folder, fmt::format("it has no readable file {}", kBackupFile));
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto document = json::parse(text, kLargestManifest);
  if (!document.ok()) return no_copy(folder, document.error().message());
  int64_t format = 0;
  HAIL_RETURN_IF_ERROR(json::MemberReader(*document).required("format", format).status());
  const json::Value* const list = document->find("files");
  if (format != kManifestFormat || list == nullptr || list->elements() == nullptr)
    return no_copy(folder, fmt::format("its file {} is of another version", kBackupFile));
  std::vector<CopiedFile> files;
  for (const auto& one : *list->elements()) {
    CopiedFile file;
    int64_t checksum = 0;
    HAIL_RETURN_IF_ERROR(json::MemberReader(one)
                             .required("path", file.path)
                             .required("bytes", file.bytes)
                             .required("crc32c", checksum)
                             .status());
    file.crc32c = static_cast<uint32_t>(checksum);
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace

uint64_t Manifest::bytes() const {
  return std::accumulate(files.begin(), files.end(), uint64_t{0},
                         [](uint64_t sum, const CopiedFile& file) { return sum + file.bytes; });
}

Status write_manifest(const Manifest& manifest, const fs::path& folder) {
  json::Value files = json::Value::array();
  for (const auto& file : manifest.files)
    files.push_back({{"path", file.path}, {"bytes", file.bytes}, {"crc32c", file.crc32c}});
  json::Value document = {{"format", kManifestFormat}, {"made", time_text(manifest.made_ms)}};
  document.add("files", std::move(files));
  const auto written =
      write_file(json::to_text(document, json::Layout::indented) + "\n", folder, kBackupFile);
  return written.ok() ? Status() : Status(written.error());
}

Result<size_t> check_copy(const fs::path& folder, const IsStopped& is_stopped) {
  HAIL_ASSIGN_OR_RETURN(const auto files, read_manifest(folder));
  for (const auto& file : files) {
    HAIL_ASSIGN_OR_RETURN(const auto found, describe_file(folder, file.path, is_stopped));
    if (found == file) continue;
    return Error(
        BackupErrc::changed,
        fmt::format("{} is not as it was copied: {} bytes with the checksum {:08x}, it had "
                    "{} with {:08x}; take another copy",
                    (folder / file.path).string(), found.bytes, found.crc32c, file.bytes,
                    file.crc32c));
  }
  return files.size();
}

}  // namespace hailstorm::lab
