#pragma once

#include <filesystem>
#include <fstream>

namespace hailstorm::testing {

/// Damages the first batch of a partition's folder, so that the broker's next start does not open
/// it; a second call mends it. REQUIRES: no broker runs on the folder. Not safe.
inline void flip_a_bit_of(const std::filesystem::path& folder) {
  constexpr int kInFirstBatch = 70;
  std::filesystem::remove(folder / "checkpoint");
  std::fstream file(folder / "00000000000000000000.log",
                    std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(kInFirstBatch);
  const int old = file.get();
  file.seekp(kInFirstBatch);
  file.put(static_cast<char>(old ^ 1));
}

}  // namespace hailstorm::testing
