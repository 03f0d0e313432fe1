#include "common/http/front_inbox.h"

#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace hailstorm::http {

FrontInbox::FrontInbox() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

FrontInbox::~FrontInbox() {
  if (fd_ >= 0) ::close(fd_);
}

/// REQUIRES: the mutex is held.
void FrontInbox::wake_locked() {
  if (std::exchange(is_woken_, true)) return;
  const uint64_t one = 1;
  (void)!::write(fd_, &one, sizeof one);
}

void FrontInbox::wake() {
  const std::lock_guard lock(mutex_);
  wake_locked();
}

void FrontInbox::wake_streams() {
  const std::lock_guard lock(mutex_);
  contents_.has_event = true;
  wake_locked();
}

void FrontInbox::add_answer(std::shared_ptr<Connection> connection, Response response) {
  const std::lock_guard lock(mutex_);
  contents_.answers.emplace_back(std::move(connection), std::move(response));
  wake_locked();
}

void FrontInbox::add_ended(std::shared_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  contents_.ended.push_back(std::move(connection));
  wake_locked();
}

FrontInbox::Contents FrontInbox::take() {
  uint64_t count = 0;
  (void)!::read(fd_, &count, sizeof count);
  const std::lock_guard lock(mutex_);
  is_woken_ = false;
  return std::exchange(contents_, {});
}

}  // namespace hailstorm::http
