#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <thread>

namespace hailstorm::testing {

/// How busy the machine's processors are, all together, second by second (/proc/stat).
///
/// Thread safety: safe.
class MachineLoad {
 public:
  MachineLoad();

  /// In that second of the wall clock nearly no processor time was left.
  [[nodiscard]] bool was_taken(int64_t second) const;
  /// Of the seconds from `first` to `last`.
  [[nodiscard]] int64_t taken_seconds(int64_t first, int64_t last) const;

 private:
  void run(const std::stop_token& stop);

  mutable std::mutex mutex_;
  std::map<int64_t, double> busy_;  // by second, from 0 to 1
  std::jthread thread_;
};

}  // namespace hailstorm::testing
