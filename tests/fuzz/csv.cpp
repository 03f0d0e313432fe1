#include "services/city/csv.h"

#include <cmath>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "common/base/check.h"
#include "services/city/pickup_file.h"
#include "tests/fuzz/targets.h"

namespace hailstorm::fuzz {
namespace {

/// A file in memory with a path. Thread safety: not safe.
class MemoryFile {
 public:
  explicit MemoryFile(Bytes bytes) : fd_(::memfd_create("pickups", MFD_CLOEXEC)) {
    HAIL_CHECK(fd_ >= 0);
    HAIL_CHECK(::write(fd_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  ~MemoryFile() { ::close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

bool is_place(const events::GeoPoint& place) {
  return std::abs(place.lat) <= 90 && std::abs(place.lon) <= 180;
}

}  // namespace

void csv(Bytes input) {
  const MemoryFile on_disk(input);
  const auto file = city::PickupFile::read(on_disk.path());
  if (!file.ok()) return;
  HAIL_CHECK(!file->pickups().empty());
  HAIL_CHECK(static_cast<int64_t>(file->skipped().size()) <= file->skipped_count());
  int64_t last_ms = file->pickups().front().time_ms;
  for (const city::Pickup& pickup : file->pickups()) {
    HAIL_CHECK(pickup.time_ms >= last_ms && is_place(pickup.place));
    last_ms = pickup.time_ms;
  }
  for (const int64_t index : {0, 1, 1'000, 1'000'000}) {
    const city::Trip trip = file->trip(7, index);
    HAIL_CHECK(is_place(trip.pickup) && is_place(trip.dropoff));
  }
}

}  // namespace hailstorm::fuzz
