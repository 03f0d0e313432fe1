#include "broker/sync_record/record_file.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "broker/storage/file_system.h"

namespace hailstorm::storage {
namespace {

// "record of syncs, generation 00000000000000000007\n": a half without it does not count.
constexpr std::string_view kHead = "record of syncs, generation ";
constexpr size_t kDigits = 20;
constexpr size_t kHeadBytes = kHead.size() + kDigits + 1;

std::string head_of(uint64_t generation) { return fmt::format("{}{:020}\n", kHead, generation); }

uint64_t generation_of(std::string_view text) {
  uint64_t generation = 0;
  if (!text.starts_with(kHead) || text.size() < kHeadBytes) return 0;
  const char* digits = text.data() + kHead.size();
  std::from_chars(digits, digits + kDigits, generation);
  return generation;
}

Error record_error(const std::string& doing, const std::string& path) {
  return Error(StorageErrc::io, fmt::format("cannot {} {}: {}", doing, path, std::strerror(errno)));
}

}  // namespace

Result<std::unique_ptr<RecordFile>> RecordFile::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return record_error("open", path);
  std::unique_ptr<RecordFile> file(new RecordFile(fd, path));
  if ((errno = ::posix_fallocate(fd, 0, 2 * kHalfBytes)) != 0)
    return record_error("take room for", path);
  HAIL_RETURN_IF_ERROR(file->find_half());
  return file;
}

RecordFile::~RecordFile() { ::close(fd_); }

Status RecordFile::find_half() {
  for (uint64_t half = 0; half < 2; ++half) {
    const std::string text = text_of(half);
    if (generation_of(text) <= generation_) continue;
    half_ = half;
    generation_ = generation_of(text);
    end_ = text.size();
  }
  if (generation_ == 0) return replace("");
  return {};
}

std::string RecordFile::text_of(uint64_t half) const {
  std::string text(kHalfBytes, '\0');
  const ssize_t got = ::pread(fd_, text.data(), text.size(), static_cast<off_t>(half * kHalfBytes));
  text.resize(got > 0 ? ::strnlen(text.data(), static_cast<size_t>(got)) : 0);
  return text;
}

Result<std::string> RecordFile::read() const {
  const std::string text = text_of(half_);
  if (generation_of(text) != generation_) {
    return Error(StorageErrc::corrupt, path_ + " is no record of syncs");
  }
  return text.substr(kHeadBytes);
}

bool RecordFile::has_room_for(std::string_view lines) const {
  return end_ + lines.size() < kHalfBytes;
}

Status RecordFile::write(uint64_t position, std::string_view text) const {
  while (!text.empty()) {
    const ssize_t n = ::pwrite(fd_, text.data(), text.size(), static_cast<off_t>(position));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return record_error("write", path_);
    position += static_cast<uint64_t>(n);
    text.remove_prefix(static_cast<size_t>(n));
  }
  return {};
}

Status RecordFile::append(std::string_view lines) {
  HAIL_RETURN_IF_ERROR(write(half_ * kHalfBytes + end_, lines));
  end_ += lines.size();
  return {};
}

Status RecordFile::replace(std::string_view lines) {
  const uint64_t other = 1 - half_;
  const uint64_t begin = other * kHalfBytes;
  // The head last: until it is there, the former half counts.
  HAIL_RETURN_IF_ERROR(write(begin, std::string(kHalfBytes, '\0')));
  HAIL_RETURN_IF_ERROR(write(begin + kHeadBytes, lines));
  HAIL_RETURN_IF_ERROR(write(begin, head_of(generation_ + 1)));
  half_ = other;
  ++generation_;
  end_ = kHeadBytes + lines.size();
  return {};
}

}  // namespace hailstorm::storage
