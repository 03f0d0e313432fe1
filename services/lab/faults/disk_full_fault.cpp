#include "services/lab/faults/disk_full_fault.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "services/lab/faults/process_fault.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFiller = "lab-filler";
constexpr const char* kProbeFile = "lab-probe";
constexpr size_t kBlockBytes = 4096;

class NewFile {
 public:
  explicit NewFile(const fs::path& path)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0600)),
        failed_(fd_ < 0 ? errno : 0) {}
  ~NewFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  /// Room at the end of the file, without writing to it. Gives errno; 0: done.
  int reserve(uint64_t at, uint64_t bytes) {
    if (fd_ < 0) return failed_;
    return ::posix_fallocate(fd_, static_cast<off_t>(at), static_cast<off_t>(bytes));
  }
  int write(size_t bytes) {
    static constexpr std::array<char, kBlockBytes> kZeros = {};
    if (fd_ < 0) return failed_;
    const ssize_t written = ::write(fd_, kZeros.data(), bytes);
    if (written < 0) return errno;
    return static_cast<size_t>(written) < bytes ? ENOSPC : 0;
  }
  int sync() { return fd_ < 0 ? failed_ : (::fsync(fd_) == 0 ? 0 : errno); }
  [[nodiscard]] uint64_t size_bytes() const {
    struct stat info {};
    return ::fstat(fd_, &info) == 0 ? static_cast<uint64_t>(info.st_size) : 0;
  }

 private:
  const int fd_;
  const int failed_;
};

bool is_no_room(int code) { return code == ENOSPC || code == EDQUOT; }

class DiskFullFault final : public Fault {
 public:
  explicit DiskFullFault(fs::path data) : data_(std::move(data)) {}

  Status inject() override {
    NewFile filler(data_ / kFiller);
    int failed = 0;
    // Halves: what is free changes while this takes it.
    for (uint64_t step = free_bytes(); step >= kBlockBytes;) {
      failed = filler.reserve(filler.size_bytes(), step);
      if (is_no_room(failed))
        step /= 2;
      else if (failed != 0)
        break;
    }
    for (const size_t bytes : {kBlockBytes, size_t{1}}) {
      do failed = filler.write(bytes);
      while (failed == 0);
    }
    filler_bytes_ = filler.size_bytes();
    if (is_no_room(failed)) return {};
    return Error(FaultErrc::failed,
                 fmt::format("cannot fill {}: {}", data_.string(), std::strerror(failed)));
  }
  Status revert() override {
    std::error_code failed;
    fs::remove(data_ / kFiller, failed);
    if (!failed) return {};
    return Error(FaultErrc::failed, fmt::format("cannot remove the filler of {}: {}",
                                                data_.string(), failed.message()));
  }
  Probe is_in_effect() override {
    const fs::path path = data_ / kProbeFile;
    int failed = 0;
    {
      NewFile file(path);
      failed = file.write(kBlockBytes);
      if (failed == 0) failed = file.sync();
    }
    std::error_code ignored;
    fs::remove(path, ignored);
    const std::string wrote =
        fmt::format("a write of {} bytes in {} ", kBlockBytes, data_.string());
    if (failed == 0) return {Effect::off, wrote + "succeeds"};
    return {is_no_room(failed) ? Effect::on : Effect::unclear,
            wrote + "answers " + ::strerrorname_np(failed)};
  }
  json::Value details() const override { return {{"filler_bytes", filler_bytes_}}; }

 private:
  [[nodiscard]] uint64_t free_bytes() const {
    struct statvfs info {};
    if (::statvfs(data_.c_str(), &info) != 0) return 0;
    return uint64_t{info.f_bavail} * info.f_frsize;
  }

  const fs::path data_;
  uint64_t filler_bytes_ = 0;
};

Status check_disk(const fs::path& data) {
  struct stat own {};
  struct stat above {};
  struct statvfs disk {};
  if (::stat(data.c_str(), &own) != 0 || ::stat((data / "..").c_str(), &above) != 0 ||
      ::statvfs(data.c_str(), &disk) != 0) {
    return Error(FaultErrc::not_possible,
                 fmt::format("cannot look at {}: {}", data.string(), std::strerror(errno)));
  }
  if (own.st_dev == above.st_dev) {
    return Error(FaultErrc::not_possible,
                 fmt::format("{} is no file system of its own, and this machine's disk is not "
                             "filled: mount a tmpfs or a volume of bounded size there",
                             data.string()));
  }
  const uint64_t total_bytes = uint64_t{disk.f_blocks} * disk.f_frsize;
  if (total_bytes <= kMostDiskBytes) return {};
  return Error(FaultErrc::not_possible,
               fmt::format("the file system {} holds {} bytes; at most {} are filled",
                           data.string(), total_bytes, kMostDiskBytes));
}

}  // namespace

void remove_filler(const fs::path& data) {
  if (data.empty()) return;
  std::error_code ignored;
  for (const char* name : {kFiller, kProbeFile}) fs::remove(data / name, ignored);
}

Result<std::unique_ptr<Fault>> make_disk_full_fault(ProcessControl& processes,
                                                    const FaultRequest& request) {
  HAIL_RETURN_IF_ERROR(check_attributes(request, {}));
  HAIL_ASSIGN_OR_RETURN(fs::path data, data_folder_of(processes, request.target));
  HAIL_RETURN_IF_ERROR(check_disk(data));
  return std::unique_ptr<Fault>(std::make_unique<DiskFullFault>(std::move(data)));
}

}  // namespace hailstorm::lab
