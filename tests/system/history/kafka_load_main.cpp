#include "common/base/run_main.h"
#include "tests/system/history/kafka_load.h"

namespace {

using namespace hailstorm;

constexpr const char* kProgram = "hail-kafka-history-load";

int run(int argc, char** argv) {
  const StopSignal stop;
  history::LoadSettings settings;
  if (const auto code = history::read_settings(kProgram, argc, argv, settings)) return *code;
  history::HistoryFile history(settings.out);
  if (settings.role == "produce") return produce_over_kafka(settings, history, stop);
  if (settings.role == "consume") return consume_over_kafka(settings, history, stop);
  return observe_over_kafka(settings, history, stop);
}

}  // namespace

/// hail-kafka-history-load produce|consume|observe: one process of a history, until SIGTERM.
int main(int argc, char** argv) { return hailstorm::run_main({.name = kProgram}, argc, argv, run); }
