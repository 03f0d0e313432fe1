#include <cmath>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "common/base/check.h"
#include "services/city/pickup_file.h"
#include "services/city/pickup_time.h"
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
  HAIL_CHECK(std::ssize(file->pickups()) <= city::PickupFile::kMostRows);
  HAIL_CHECK(std::ssize(file->skipped().first()) <= file->skipped().count());
  int64_t last_ms = file->pickups().front().time_ms;
  for (const city::Pickup& pickup : file->pickups()) {
    HAIL_CHECK(pickup.time_ms >= last_ms && is_place(pickup.place));
    last_ms = pickup.time_ms;
  }
  const int64_t last = file->trip_count() - 1;
  for (const int64_t index : {int64_t{0}, last / 1'000, last / 2, last}) {
    const city::Trip trip = file->trip(7, index);
    HAIL_CHECK(trip.requested_at_ms >= 0 && trip.requested_at_ms < city::kEndOfTimeMs);
    HAIL_CHECK(is_place(trip.pickup) && is_place(trip.dropoff));
  }
}

}  // namespace hailstorm::fuzz
