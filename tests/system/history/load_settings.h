#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hailstorm::history {

/// What a process of a history is given. A value.
struct LoadSettings {
  std::string role;  // produce, consume or observe
  std::string url;
  std::string topic;
  std::string who;
  std::string group;  // of consume; of observe: the one to ask for
  std::string out;
  int64_t acks = -1;
  int64_t keys = 8;          // how many there are
  int64_t value_bytes = 20;  // at least; filled up after the record's name
  int64_t per_second = 2'000;
  int64_t committed_every = 100;  // records

  /// The value of a producer's record number `seq`.
  [[nodiscard]] std::string value(int64_t seq) const;
  [[nodiscard]] std::string key(int64_t seq) const { return "key " + std::to_string(seq % keys); }
};

/// From the command line of `program`. An exit code: it ends with that.
[[nodiscard]] std::optional<int> read_settings(const std::string& program, int argc, char** argv,
                                               LoadSettings& settings);

}  // namespace hailstorm::history
