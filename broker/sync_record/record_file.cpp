#include "broker/sync_record/record_file.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
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

/// Neither a record, nor what a SIGKILL left of making one.
bool is_foreign(int fd) {
  for (const uint64_t begin : {uint64_t{0}, RecordFile::kHalfBytes}) {
    std::array<char, kHead.size()> head{};
    const ssize_t got = ::pread(fd, head.data(), head.size(), static_cast<off_t>(begin));
    if (got <= 0 || head.front() == 0) continue;  // the first byte is written last
    if (std::string_view(head.data(), static_cast<size_t>(got)) != kHead) return true;
  }
  return false;
}

Error record_error(const std::string& doing, const std::string& path) {
  return Error(StorageErrc::io, fmt::format("cannot {} {}: {}", doing, path, std::strerror(errno)));
}

}  // namespace

Result<std::unique_ptr<RecordFile>> RecordFile::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return record_error("open", path);
  if (is_foreign(fd)) {
    ::close(fd);
    return Error(StorageErrc::corrupt, path + " is no record of syncs");
  }
  void* bytes = MAP_FAILED;
  errno = ::posix_fallocate(fd, 0, 2 * kHalfBytes);
  if (errno == 0) {
    bytes = ::mmap(nullptr, 2 * kHalfBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  }
  Error failed = record_error("take room for", path);
  ::close(fd);
  if (bytes == MAP_FAILED) return failed;
  std::unique_ptr<RecordFile> file(new RecordFile(static_cast<char*>(bytes), path));
  file->find_half();
  return file;
}

RecordFile::~RecordFile() { ::munmap(bytes_, 2 * kHalfBytes); }

void RecordFile::find_half() {
  for (uint64_t half = 0; half < 2; ++half) {
    const auto text = text_of(half);
    if (generation_of(text) <= generation_) continue;
    half_ = half;
    generation_ = generation_of(text);
    end_ = text.size();
  }
  if (generation_ == 0) return replace("");
  // What was cut short ends here, whatever is added now.
  std::memset(bytes_ + half_ * kHalfBytes + end_, 0, kHalfBytes - end_);
}

std::string_view RecordFile::text_of(uint64_t half) const {
  const char* begin = bytes_ + half * kHalfBytes;
  return {begin, ::strnlen(begin, kHalfBytes)};
}

Result<std::string> RecordFile::read() const {
  const auto text = text_of(half_);
  if (generation_of(text) != generation_) {
    return Error(StorageErrc::corrupt, path_ + " is no record of syncs");
  }
  return std::string(text.substr(kHeadBytes));
}

bool RecordFile::has_room_for(std::string_view lines) const {
  return end_ + lines.size() < kHalfBytes;
}

// The first byte last: a zero ends the text, so what a SIGKILL cuts short was never written.
void RecordFile::write(uint64_t position, std::string_view text) {
  if (text.empty()) return;
  std::memcpy(bytes_ + position + 1, text.data() + 1, text.size() - 1);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  bytes_[position] = text.front();
}

void RecordFile::append(std::string_view lines) {
  write(half_ * kHalfBytes + end_, lines);
  end_ += lines.size();
}

void RecordFile::replace(std::string_view lines) {
  const uint64_t other = 1 - half_;
  const uint64_t begin = other * kHalfBytes;
  // The head last: until it is there, the former half counts.
  std::memset(bytes_ + begin, 0, kHalfBytes);
  write(begin + kHeadBytes, lines);
  write(begin, head_of(generation_ + 1));
  half_ = other;
  ++generation_;
  end_ = kHeadBytes + lines.size();
}

}  // namespace hailstorm::storage
