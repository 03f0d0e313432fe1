#include "tests/bench/room.h"

#include <filesystem>
#include <fmt/format.h>
#include <sstream>
#include <string>

#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

int64_t available_memory_bytes() {
  std::istringstream info(read_text("/proc/meminfo"));
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("MemAvailable:")) return std::stoll(line.substr(13)) * 1024;
  }
  return 0;
}

constexpr double kMb = 1e6;

}  // namespace

std::string_view name_of(RoomErrc code) { return code == RoomErrc::disk ? "disk" : "memory"; }

Status check_room(int64_t disk_bytes, int64_t memory_bytes) {
  const auto folder = std::filesystem::temp_directory_path();
  const auto free_bytes = static_cast<int64_t>(std::filesystem::space(folder).available);
  if (disk_bytes > free_bytes / 10 * 9) {
    return Error(RoomErrc::disk,
                 fmt::format("this would write {:.0f} MB to {}, where {:.0f} MB are free; ask for "
                             "less, or set TMPDIR to a larger disk",
                             static_cast<double>(disk_bytes) / kMb, folder.string(),
                             static_cast<double>(free_bytes) / kMb));
  }
  const int64_t available_bytes = available_memory_bytes();
  if (memory_bytes > available_bytes / 4 * 3) {
    return Error(RoomErrc::memory,
                 fmt::format("this would keep {:.0f} MB in memory, where {:.0f} MB are free; ask "
                             "for less",
                             static_cast<double>(memory_bytes) / kMb,
                             static_cast<double>(available_bytes) / kMb));
  }
  return {};
}

}  // namespace hailstorm::testing
