#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace hailstorm::testing {

/// The operating system's calls that a disk answers: the linker sends the program's to here
/// (--wrap), so that the kernel may be made to misbehave.
///
/// Thread safety: not safe.
struct SystemCalls {
  struct Act {
    int error = 0;                // fails so, or
    size_t at_most = ~size_t{0};  // does only a part
  };
  std::deque<Act> next;  // of the next calls; then all goes well
  uint64_t hurt_at = 0;  // and of this one from now on (1: the next), 0: of none
  Act hurt;
  bool sync_is_quick = false;  // says that it is done and does nothing

  uint64_t count = 0;  // of all calls since reset()
  uint64_t sync_count = 0;
  bool was_hurt = false;
  bool was_sync_hurt = false;

  void reset() { *this = SystemCalls(); }
};

[[nodiscard]] SystemCalls& system_calls();

}  // namespace hailstorm::testing
