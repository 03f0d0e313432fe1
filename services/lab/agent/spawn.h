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
  std::string log_file;           // gets standard output and error, appended; empty: `output`
  bool with_settings = false;     // also gets this process's HAIL_ variables
  std::string log_folder = {};    // where log_file must lie (log_file.h); empty: anywhere
  std::string data = {};          // the program's data folder; empty: what --data in argv says
  int64_t log_bytes = LogSettings::kFileBytes;  // most that log_file holds, see error_file.h
  int output = -1;  // a descriptor for both where there is no log_file; -1: this process's
};

/// Starts a program in a session of its own, with this process's environment. HAIL_ variables are
/// left out unless asked for: they are meant for this process. A program of the product gets the
/// name and the bound of its log file, and keeps to them. The kernel kills the child (SIGKILL) when
/// the *thread* that called this ends, so that thread must outlive the child. Error cannot_start.
///
/// Thread safety: safe.
[[nodiscard]] Result<pid_t> spawn(const SpawnRequest& request);

/// Waits until the process ended or `timeout_ms` passed; true in the first case. Does not reap it.
/// REQUIRES: `pid` is an unreaped child of this process.
[[nodiscard]] bool await_exit(pid_t pid, int timeout_ms);

}  // namespace hailstorm::lab
