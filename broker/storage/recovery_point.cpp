#include "broker/storage/recovery_point.h"

#include <fmt/format.h>
#include <sstream>

#include "broker/storage/file_names.h"
#include "broker/storage/whole_file.h"
#include "common/wire/crc32c.h"

namespace hailstorm::storage {
namespace {

constexpr std::string_view kPointTitle = "hailstorm-recovery-point";

std::string render(const RecoveryPoint& point) {
  // Numbers have a fixed width, so that a newer point covers the older one.
  std::string line =
      fmt::format("{} {} {} {:020} {:020} ", kPointTitle, point.end_offset < 0 ? 1 : 2,
                  point.partition, point.segment_base, point.size_bytes);
  if (point.end_offset >= 0) line += fmt::format("{:020} ", point.end_offset);
  line += fmt::format("{:020}", point.file);
  return line + fmt::format(" crc {:08x}\n", wire::crc32c(as_bytes(line)));
}

}  // namespace

Status write_recovery_point(FileSystem& files, const std::string& folder,
                            const RecoveryPoint& point, bool sync) {
  const std::string path = folder + "/" + std::string(file_names::kRecoveryPoint);
  HAIL_ASSIGN_OR_RETURN(const auto file, files.open(path, FileSystem::Mode::create));
  HAIL_RETURN_IF_ERROR(file->write_at(0, as_bytes(render(point))));
  return sync ? file->sync() : Status();
}

std::optional<RecoveryPoint> read_recovery_point(FileSystem& files, const std::string& folder) {
  const auto bytes = read_file(files, folder + "/" + std::string(file_names::kRecoveryPoint));
  if (!bytes.ok()) return std::nullopt;
  const std::string text(as_text(*bytes));
  std::istringstream fields(text);
  std::string title;
  int format = 0;
  RecoveryPoint point;
  fields >> title >> format >> point.partition >> point.segment_base >> point.size_bytes;
  if (format == 2) fields >> point.end_offset;
  if (!(fields >> point.file) || point.segment_base < 0 || render(point) != text)
    return std::nullopt;
  return point;
}

}  // namespace hailstorm::storage
