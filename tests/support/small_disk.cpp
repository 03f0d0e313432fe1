#include "tests/support/small_disk.h"

#include <fstream>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/base/check.h"

namespace hailstorm::testing {
namespace {

constexpr const char* kOptions = "size=16m";

}  // namespace

SmallDisk::SmallDisk() {
  const uid_t user = ::getuid();
  const gid_t group = ::getgid();
  if (::unshare(CLONE_NEWNS) != 0) {  // without the right to mount: as the root of our own world
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return;
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
    std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
  }
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return;
  is_mounted_ = ::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, kOptions) == 0;
}

SmallDisk::~SmallDisk() {
  if (is_mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
}

void SmallDisk::leave(uint64_t bytes) const {
  struct statvfs info {};
  HAIL_CHECK(::statvfs(path().c_str(), &info) == 0);
  std::ofstream file(path() / "filler", std::ios::app);
  const uint64_t free = uint64_t{info.f_bavail} * info.f_frsize;
  if (free > bytes) file << std::string(free - bytes, 'f');
  file.flush();
}

}  // namespace hailstorm::testing
