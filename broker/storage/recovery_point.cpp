#include "broker/storage/recovery_point.h"

#include <charconv>
#include <fmt/format.h>
#include <vector>

#include "broker/storage/file_names.h"
#include "broker/storage/whole_file.h"
#include "common/wire/crc32c.h"

namespace hailstorm::storage {
namespace {

std::string render(const std::string& folder, const RecoveryPoint& point) {
  // Numbers have a fixed width, so that a newer point covers the older one.
  const std::string line =
      fmt::format("hailstorm-recovery-point 1 {} {:020} {:020} {:020}",
                  file_names::last_part(folder), point.segment_base, point.size_bytes, point.file);
  return line + fmt::format(" crc {:08x}\n", wire::crc32c(as_bytes(line)));
}

template <class Number>
Number number_at(std::string_view text, size_t from_end) {
  Number value = 0;
  const char* const start = text.data() + (text.size() - from_end);
  std::from_chars(start, start + 20, value);
  return value;
}

}  // namespace

Status write_recovery_point(FileSystem& files, const std::string& folder,
                            const RecoveryPoint& point) {
  const std::string path = folder + "/" + std::string(file_names::kRecoveryPoint);
  HAIL_ASSIGN_OR_RETURN(const auto file, files.open(path, FileSystem::Mode::create));
  return file->write_at(0, as_bytes(render(folder, point)));
}

std::optional<RecoveryPoint> read_recovery_point(FileSystem& files, const std::string& folder) {
  constexpr size_t kTail = sizeof(" crc 01234567\n") - 1;
  const auto bytes = read_file(files, folder + "/" + std::string(file_names::kRecoveryPoint));
  if (!bytes.ok() || bytes->size() != render(folder, {}).size()) return std::nullopt;
  const std::string_view text = as_text(*bytes);
  const RecoveryPoint point{number_at<int64_t>(text, kTail + 62),
                            number_at<uint64_t>(text, kTail + 41),
                            number_at<uint64_t>(text, kTail + 20)};
  if (point.segment_base < 0 || render(folder, point) != text) return std::nullopt;
  return point;
}

}  // namespace hailstorm::storage
