#pragma once

#include <cstdint>
#include <optional>
#include <sys/types.h>

namespace hailstorm {

/// What run_main() does first, before the program opens anything or starts a thread:
///  - where standard input, output or error is closed, /dev/null takes its place. Else the next
///    file to be opened would get its number, and what is printed would be written into that file.
///    Reading standard input then is an error, not its end;
///  - a write beyond the limit of a file's size (RLIMIT_FSIZE) is an error like that of a full disk
///    instead of the signal SIGXFSZ, which would end the process;
///  - what the process makes is for its owner alone: its umask is 0077 from then on.
void prepare_process();

/// More than any of the programs uses. Some machines permit a thousand million.
inline constexpr uint64_t kMostOpenFiles = 65'536;

/// The umask that the process was started with: for a file that its user asked for.
[[nodiscard]] mode_t umask_of_caller();

/// Lets this process have `wanted` files open, or as many as the hard limit permits. Gives how many
/// it may have then; nothing: the system does not say. Safe from any thread.
std::optional<uint64_t> raise_open_files(uint64_t wanted);

}  // namespace hailstorm
