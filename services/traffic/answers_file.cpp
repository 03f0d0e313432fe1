#include "services/traffic/answers_file.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

#include "common/base/enum_name.h"

namespace hailstorm::traffic {
namespace {

constexpr auto kWriteEvery = std::chrono::milliseconds(100);

bool ends_torn(int fd) {
  const off_t size = ::lseek(fd, 0, SEEK_END);
  char last = '\n';
  return size > 0 && ::pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

}  // namespace

std::string_view name_of(FileErrc code) { return enum_name(code); }

Result<std::unique_ptr<AnswersFile>> AnswersFile::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) {
    return Error(FileErrc::cannot_open,
                 fmt::format("cannot open {} to write answers: {}", path, std::strerror(errno)));
  }
  return std::unique_ptr<AnswersFile>(new AnswersFile(path, fd));
}

AnswersFile::AnswersFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {
  if (ends_torn(fd_)) waiting_.push_back('\n');
  writer_ = std::thread([this] { write_along(); });
}

AnswersFile::~AnswersFile() {
  (void)close();
  ::close(fd_);
}

void AnswersFile::append(std::string_view line) {
  const std::lock_guard lock(mutex_);
  waiting_.append(line).push_back('\n');
}

Status AnswersFile::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  closing_changed_.notify_one();
  if (writer_.joinable()) writer_.join();
  return outcome_;
}

void AnswersFile::write_along() {
  std::unique_lock lock(mutex_);
  for (bool last = false; !last;) {
    last = closing_changed_.wait_for(lock, kWriteEvery, [this] { return closing_; });
    const std::string lines = std::exchange(waiting_, {});
    lock.unlock();
    write_out(lines);
    lock.lock();
  }
}

void AnswersFile::write_out(const std::string& lines) {
  for (size_t done = 0; done < lines.size() && outcome_.ok();) {
    const ssize_t wrote = ::write(fd_, lines.data() + done, lines.size() - done);
    if (wrote >= 0) {
      done += static_cast<size_t>(wrote);
    } else if (errno != EINTR) {
      outcome_ = Error(FileErrc::cannot_write,
                       fmt::format("cannot write answers to {}: {}", path_, std::strerror(errno)));
    }
  }
}

}  // namespace hailstorm::traffic
