#pragma once

#include <cstdint>
#include <string>

#include "common/base/stop_signal.h"
#include "common/log/log.h"
#include "tests/system/history/history_file.h"

namespace hailstorm::history {

struct LoadSettings {
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
};

/// Each works until `stop` is requested, and writes down all that it sees. The exit code of its
/// process.
[[nodiscard]] int produce(const LoadSettings& settings, log::Engine& engine, HistoryFile& history,
                          const StopSignal& stop);
[[nodiscard]] int consume(const LoadSettings& settings, log::Engine& engine, HistoryFile& history,
                          const StopSignal& stop);
/// Asks for the ends of the log and the group's commits, again and again.
[[nodiscard]] int observe(const LoadSettings& settings, log::Engine& engine, HistoryFile& history,
                          const StopSignal& stop);

}  // namespace hailstorm::history
