#include "services/lab/backup/copied_file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <functional>
#include <sys/stat.h>
#include <vector>

#include "common/base/bytes.h"
#include "common/wire/crc32c.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

constexpr size_t kAtOnce = 1 << 20;  // bytes

/// Fills `buffer` from `at` on, but for the end of the file. Negative: errno says why.
ssize_t read_at(int fd, uint64_t at, std::vector<uint8_t>& buffer, size_t wanted) {
  size_t got = 0;
  while (got < wanted) {
    const ssize_t count =
        ::pread(fd, buffer.data() + got, wanted - got, static_cast<off_t>(at + got));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -1;
    if (count == 0) break;
    got += static_cast<size_t>(count);
  }
  return static_cast<ssize_t>(got);
}

bool write_whole(int fd, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return true;
}

/// Calls `use` for each piece of the first `bytes` of the file.
Status for_each_piece(const OpenFile& from, const std::string& name, uint64_t bytes,
                      const IsStopped& is_stopped, const std::function<Status(Bytes)>& use) {
  std::vector<uint8_t> buffer(std::min<uint64_t>(bytes, kAtOnce));
  for (uint64_t at = 0; at < bytes;) {
    if (is_stopped()) return stopped_by_user();
    const size_t wanted = std::min<uint64_t>(bytes - at, kAtOnce);
    const ssize_t got = read_at(from.get(), at, buffer, wanted);
    if (got < 0) return file_error("read", name);
    if (static_cast<size_t>(got) < wanted)
      return Error(BackupErrc::moving, name + " became shorter while it was copied");
    HAIL_RETURN_IF_ERROR(use(Bytes(buffer).first(wanted)));
    at += wanted;
  }
  return {};
}

Result<OpenFile> make_file(const fs::path& target) {
  std::error_code failure;
  fs::create_directories(target.parent_path(), failure);
  if (failure) {
    errno = failure.value();
    return file_error("make the folder", target.parent_path().string());
  }
  OpenFile file(::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0) return file_error("make", target.string());
  return file;
}

}  // namespace

Result<CopiedFile> copy_file(const OpenFile& from, const std::string& name, uint64_t bytes,
                             const fs::path& root, const std::string& path,
                             const IsStopped& is_stopped) {
  const std::string target = (root / path).string();
  HAIL_ASSIGN_OR_RETURN(const OpenFile to, make_file(target));
  CopiedFile copied{path, bytes, 0};
  HAIL_RETURN_IF_ERROR(for_each_piece(from, name, bytes, is_stopped, [&](Bytes piece) -> Status {
    copied.crc32c = wire::crc32c(piece, copied.crc32c);
    return write_whole(to.get(), piece) ? Status() : file_error("write", target);
  }));
  if (::fsync(to.get()) != 0) return file_error("write", target);
  return copied;
}

Result<CopiedFile> write_file(std::string_view text, const fs::path& root,
                              const std::string& path) {
  const std::string target = (root / path).string();
  HAIL_ASSIGN_OR_RETURN(const OpenFile to, make_file(target));
  if (!write_whole(to.get(), as_bytes(text)) || ::fsync(to.get()) != 0)
    return file_error("write", target);
  return describe_file(root, path, [] { return false; });
}

Result<CopiedFile> describe_file(const fs::path& root, const std::string& path,
                                 const IsStopped& is_stopped) {
  const std::string name = (root / path).string();
  const OpenFile file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat found {};
  if (file.get() < 0 || ::fstat(file.get(), &found) != 0) return file_error("read", name);
  CopiedFile described{path, static_cast<uint64_t>(found.st_size), 0};
  HAIL_RETURN_IF_ERROR(
      for_each_piece(file, name, described.bytes, is_stopped, [&](Bytes piece) -> Status {
        described.crc32c = wire::crc32c(piece, described.crc32c);
        return {};
      }));
  return described;
}

}  // namespace hailstorm::lab
