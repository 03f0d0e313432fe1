#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

#include "common/base/log_settings.h"
#include "common/base/result.h"
#include "services/lab/agent/errors.h"

namespace hailstorm::lab {

struct SpawnRequest {
  std::vector<std::string> argv;  // argv[0] is the program's path
  std::string log_file;           // gets standard output and error, appended; empty: both are ours
  bool with_settings = false;     // also gets our HAIL_ variables
  std::string log_folder = {};    // where log_file must lie (log_file.h); empty: anywhere
  int64_t log_bytes = LogSettings::kFileBytes;  // most that log_file holds, see error_file.h
};

/// Starts a program in a session of its own, with our environment but, unless asked for, without
/// HAIL_ variables, which are meant for us. A program of the product learns the name and the bound
/// of its log file, and keeps to them. The child is killed (SIGKILL) by the kernel when the
/// *thread* that called this ends, so the caller's thread must live as long as the child shall.
/// Error cannot_start.
///
/// Thread safety: safe.
[[nodiscard]] Result<pid_t> spawn(const SpawnRequest& request);

/// Until the process ended or `timeout_ms` passed; true in the first case. Leaves it to be waited
/// for. REQUIRES: `pid` is an unreaped child of ours.
[[nodiscard]] bool await_exit(pid_t pid, int timeout_ms);

}  // namespace hailstorm::lab
