#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <system_error>
#include <unistd.h>

#include "broker/storage/file_system.h"

namespace hailstorm::storage {
namespace {

Error os_error(int code, const std::string& doing, const std::string& path) {
  StorageErrc errc = StorageErrc::io;
  // EFBIG: the limit of a file's size, RLIMIT_FSIZE or the file system's own.
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) errc = StorageErrc::no_space;
  if (code == EMFILE || code == ENFILE || code == ENOMEM) errc = StorageErrc::out_of_resources;
  if (code == ENOENT) errc = StorageErrc::not_found;
  return Error(errc, "cannot " + doing + " " + path + ": " + std::generic_category().message(code))
      .caused_by(code);
}

/// Of a sync that failed. Whatever the reason: the kernel may have dropped what it should write.
Error sync_error(int code, const std::string& path) {
  const Error error = os_error(code, "sync", path);
  return error.is(StorageErrc::out_of_resources) ? Error(StorageErrc::io, error.message()) : error;
}

template <class Call>
auto retry_eintr(Call call) {
  for (;;) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

class PosixFile final : public File {
 public:
  PosixFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~PosixFile() override { ::close(fd_); }
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;

  Result<size_t> read_at(uint64_t position, MutableBytes into) override {
    size_t done = 0;
    while (done < into.size()) {
      const ssize_t n = retry_eintr([&] {
        return ::pread(fd_, into.data() + done, into.size() - done,
                       static_cast<off_t>(position + done));
      });
      if (n < 0) return os_error(errno, "read", path_);
      if (n == 0) break;
      done += static_cast<size_t>(n);
    }
    return done;
  }

  Status write_at(uint64_t position, Bytes bytes) override {
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t n = retry_eintr([&] {
        return ::pwrite(fd_, bytes.data() + done, bytes.size() - done,
                        static_cast<off_t>(position + done));
      });
      if (n < 0) return os_error(errno, "write", path_);
      if (n == 0) return os_error(ENOSPC, "write", path_);
      done += static_cast<size_t>(n);
    }
    return {};
  }

  // A failed fdatasync is not tried again, not even after EINTR: the kernel may have dropped the
  // dirty pages.
  Status sync() override {
    if (::fdatasync(fd_) != 0) return sync_error(errno, path_);
    return {};
  }

  Status truncate(uint64_t size) override {
    if (retry_eintr([&] { return ::ftruncate(fd_, static_cast<off_t>(size)); }) != 0)
      return os_error(errno, "truncate", path_);
    return {};
  }

  Result<uint64_t> size() override {
    struct stat info {};
    if (::fstat(fd_, &info) != 0) return os_error(errno, "look at", path_);
    return static_cast<uint64_t>(info.st_size);
  }

  Result<uint64_t> identity() override {
    struct stat info {};
    if (::fstat(fd_, &info) != 0) return os_error(errno, "look at", path_);
    return uint64_t{info.st_ino};
  }

 private:
  int fd_;
  std::string path_;
};

class PosixFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, Mode mode) override {
    int flags = O_CLOEXEC;
    if (mode == Mode::read) flags |= O_RDONLY;
    if (mode == Mode::read_write) flags |= O_RDWR;
    if (mode == Mode::create) flags |= O_RDWR | O_CREAT;
    const int fd = retry_eintr([&] { return ::open(path.c_str(), flags, 0600); });
    if (fd < 0) return os_error(errno, "open", path);
    return std::unique_ptr<File>(new PosixFile(fd, path));
  }

  Result<std::vector<std::string>> list(const std::string& folder) override {
    std::error_code failed;
    std::vector<std::string> names;
    std::filesystem::directory_iterator entry(folder, failed);
    while (!failed && entry != std::filesystem::directory_iterator()) {
      names.push_back(entry->path().filename().string());
      entry.increment(failed);
    }
    if (failed) return os_error(failed.value(), "list", folder);
    std::sort(names.begin(), names.end());
    return names;
  }

  bool exists(const std::string& path) override {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0;
  }

  Status create_folder(const std::string& path) override {
    std::error_code failed;
    std::filesystem::create_directories(path, failed);
    if (failed) return os_error(failed.value(), "make the folder", path);
    return {};
  }

  Status remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return os_error(errno, "remove", path);
    return {};
  }

  Status remove_folder(const std::string& path) override {
    std::error_code failed;
    std::filesystem::remove_all(path, failed);
    if (failed) return os_error(failed.value(), "remove the folder", path);
    return {};
  }

  Status rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return os_error(errno, "rename", from);
    return {};
  }

  Status sync_folder(const std::string& path) override {
    const int fd =
        retry_eintr([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (fd < 0) return os_error(errno, "open the folder", path);
    const int synced = ::fsync(fd);
    const int code = errno;
    ::close(fd);
    if (synced != 0) return sync_error(code, path);
    return {};
  }

  Result<int64_t> modified_ms(const std::string& path) override {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return os_error(errno, "look at", path);
    return int64_t{info.st_mtim.tv_sec} * 1000 + info.st_mtim.tv_nsec / 1'000'000;
  }

  Result<DiskSpace> space(const std::string& folder) override {
    struct statvfs info {};
    if (::statvfs(folder.c_str(), &info) != 0)
      return os_error(errno, "look at the disk of", folder);
    return DiskSpace{uint64_t{info.f_bavail} * info.f_frsize,
                     uint64_t{info.f_blocks} * info.f_frsize};
  }
};

}  // namespace

std::unique_ptr<FileSystem> make_posix_file_system() { return std::make_unique<PosixFileSystem>(); }

}  // namespace hailstorm::storage
