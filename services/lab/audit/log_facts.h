#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "services/lab/audit/ride_facts.h"

namespace hailstorm::lab {

/// What was found in the broker's files, over all partitions.
struct LogFindings {
  int64_t records = 0;
  int64_t republished = 0;  // facts that are in the log more than once
  int64_t dead_letters = 0;
  int64_t misordered = 0;   // offsets that do not rise by one, keys in a foreign partition
  int64_t corrupt = 0;      // batches that cannot be right, other than at a file's growing end
  int64_t undecodable = 0;  // places that no reader can decode; services keep them as dead letters
  std::vector<std::string> notes;
};

/// Reads every segment under `broker_folder` (TOPIC-PARTITION/*.log), without the broker, and adds
/// what it finds to `rides`. A tail that is still being written is ignored. Never writes.
[[nodiscard]] LogFindings read_log(const std::filesystem::path& broker_folder, LaneFacts& rides);

}  // namespace hailstorm::lab
