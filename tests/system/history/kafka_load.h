#pragma once

#include "common/base/stop_signal.h"
#include "tests/system/history/history_file.h"
#include "tests/system/history/load_settings.h"

namespace hailstorm::history {

/// As those of tests/system/history/load.h, but clients of Kafka's protocol, made with librdkafka.
/// The producer is idempotent, and so waits for all.
[[nodiscard]] int produce_over_kafka(const LoadSettings& settings, HistoryFile& history,
                                     const StopSignal& stop);
[[nodiscard]] int consume_over_kafka(const LoadSettings& settings, HistoryFile& history,
                                     const StopSignal& stop);
[[nodiscard]] int observe_over_kafka(const LoadSettings& settings, HistoryFile& history,
                                     const StopSignal& stop);

}  // namespace hailstorm::history
