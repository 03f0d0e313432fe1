#pragma once

#include "common/base/stop_signal.h"
#include "common/log/log.h"
#include "tests/system/history/history_file.h"
#include "tests/system/history/load_settings.h"

namespace hailstorm::history {

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
