#include "services/lab/story/trips.h"

#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;
constexpr const char* kBuiltInCity = "built-in city";

/// The name by which each process finds the file, whatever its folder and its descriptors are;
/// empty: there is none.
std::string name_for_all(const std::string& trips) {
  std::error_code not_there;
  return fs::canonical(trips, not_there).string();
}

/// Its last ride's number, from 1, among those that the file gives.
int64_t rides_needed(const StorySettings& settings) { return settings.first_ride + settings.rides; }

}  // namespace

std::string TripsSummary::text() const {
  if (source == kBuiltInCity) return "Trips: the built-in city";
  return fmt::format("Trips: {}, {} rows read, {}", source, read, skipped.text());
}

bool is_read_once(const std::string& trips) {
  if (trips.empty()) return false;
  if (trips == "-") return true;
  struct stat here {};
  if (::stat(trips.c_str(), &here) != 0 || S_ISDIR(here.st_mode)) return false;
  if (!S_ISREG(here.st_mode)) return true;
  // /dev/stdin may be a file, too, but under that name each process has another one.
  struct stat for_all {};
  return ::stat(name_for_all(trips).c_str(), &for_all) != 0 || here.st_dev != for_all.st_dev ||
         here.st_ino != for_all.st_ino;
}

Result<TripsSummary> read_trips(StorySettings& settings, std::function<bool()> stopped) {
  TripsSummary summary;
  summary.source = settings.trips.empty() ? kBuiltInCity : settings.trips;
  if (settings.trips.empty()) return summary;
  city::InputOptions options;
  options.stopped = std::move(stopped);
  if (is_read_once(settings.trips)) options.copy_to = settings.trips_copy();
  settings.trips_file = options.copy_to.empty() ? name_for_all(settings.trips) : options.copy_to;
  HAIL_ASSIGN_OR_RETURN(const auto file,
                        city::PickupFile::read(settings.trips, std::move(options)));
  HAIL_RETURN_IF_ERROR(file.check_trips(rides_needed(settings)));
  summary.read = std::ssize(file.pickups());
  summary.skipped = file.skipped();
  for (const auto& row : file.skipped().first()) {
    summary.remarks.push_back(fmt::format("  line {}: {}; skipped", row.line, row.why));
  }
  return summary;
}

}  // namespace hailstorm::lab
