#include "tests/broker/storage/system_calls.h"

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <fcntl.h>
#include <sys/types.h>

namespace hailstorm::testing {

SystemCalls& system_calls() {
  static SystemCalls calls;
  return calls;
}

namespace {

SystemCalls::Act next_act(SystemCalls& calls) {
  ++calls.count;
  if (calls.hurt_at == calls.count) {
    calls.was_hurt = true;
    return calls.hurt;
  }
  if (calls.next.empty()) return {};
  const auto act = calls.next.front();
  calls.next.pop_front();
  return act;
}

template <class Call>
ssize_t misbehave(size_t count, Call real) {
  const auto act = next_act(system_calls());
  if (act.error == 0) return real(std::min(count, act.at_most));
  errno = act.error;
  return -1;
}

int misbehave_once(int (*real)(int), int fd) {
  auto& calls = system_calls();
  ++calls.sync_count;
  const bool was_hurt = calls.was_hurt;
  const auto result = misbehave(
      0, [&](size_t) { return static_cast<ssize_t>(calls.sync_is_quick ? 0 : real(fd)); });
  calls.was_sync_hurt |= calls.was_hurt && !was_hurt;
  return static_cast<int>(result);
}

}  // namespace
}  // namespace hailstorm::testing

using hailstorm::testing::misbehave;
using hailstorm::testing::misbehave_once;

extern "C" {
int __real_open(const char*, int, ...);
ssize_t __real_pread(int, void*, size_t, off_t);
ssize_t __real_pwrite(int, const void*, size_t, off_t);
int __real_fdatasync(int);
int __real_fsync(int);
int __real_ftruncate(int, off_t);

int __wrap_open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return static_cast<int>(
      misbehave(0, [&](size_t) { return ssize_t{__real_open(path, flags, mode)}; }));
}
ssize_t __wrap_pread(int fd, void* into, size_t count, off_t at) {
  return misbehave(count, [&](size_t n) { return __real_pread(fd, into, n, at); });
}
ssize_t __wrap_pwrite(int fd, const void* from, size_t count, off_t at) {
  return misbehave(count, [&](size_t n) { return __real_pwrite(fd, from, n, at); });
}
int __wrap_fdatasync(int fd) { return misbehave_once(__real_fdatasync, fd); }
int __wrap_fsync(int fd) { return misbehave_once(__real_fsync, fd); }
int __wrap_ftruncate(int fd, off_t size) {
  return static_cast<int>(
      misbehave(0, [&](size_t) { return ssize_t{__real_ftruncate(fd, size)}; }));
}
}
