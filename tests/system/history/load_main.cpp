#include "common/base/options.h"
#include "common/base/run_main.h"
#include "tests/system/history/load.h"

namespace {

using namespace hailstorm;

constexpr const char* kProgram = "hail-history-load";

int run(int argc, char** argv) {
  const StopSignal stop;
  history::LoadSettings settings;
  if (const auto code = history::read_settings(kProgram, argc, argv, settings)) return *code;
  auto engine = log::open(settings.url);
  if (!engine.ok()) return usage_error(kProgram, engine.error().message());
  history::HistoryFile history(settings.out);
  if (settings.role == "produce") return produce(settings, **engine, history, stop);
  if (settings.role == "consume") return consume(settings, **engine, history, stop);
  return observe(settings, **engine, history, stop);
}

}  // namespace

/// hail-history-load produce|consume|observe: one process of a history, until SIGTERM.
int main(int argc, char** argv) { return hailstorm::run_main({.name = kProgram}, argc, argv, run); }
