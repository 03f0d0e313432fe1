#include "common/base/logging.h"
#include "common/base/options.h"
#include "common/base/run_main.h"
#include "tests/system/history/load.h"

namespace {

using namespace hailstorm;

int run(int argc, char** argv) {
  const StopSignal stop;
  history::LoadSettings settings;
  Options options("hail-history-load", "Uses the log and writes down what it sees.");
  std::string role;
  options.add_positional_choice("role", role, {"produce", "consume", "observe"}, "what it does");
  options.add_required("url", settings.url, "the log");
  options.add_required("topic", settings.topic, "what to write or read");
  options.add_required("who", settings.who, "a name that no other process has");
  options.add("group", settings.group, "of the members");
  options.add_required("out", settings.out, "file of the history");
  options.add("acks", settings.acks, {-1, 1}, "1 or -1 (all)");
  options.add("keys", settings.keys, {1, 1'000'000}, "how many there are");
  options.add("value-bytes", settings.value_bytes, {0, 1 << 20, "bytes"},
              "size of a record's value");
  options.add("per-second", settings.per_second, {1, 1'000'000, "records"}, "records");
  options.add("committed-every", settings.committed_every, {1, 1'000'000, "records"}, "records");
  if (const auto code = options.parse(argc, argv)) return *code;
  init_logging("history-load", log_level_from("warn"));
  auto engine = log::open(settings.url);
  if (!engine.ok()) return usage_error("hail-history-load", engine.error().message());
  history::HistoryFile history(settings.out);
  if (role == "produce") return produce(settings, **engine, history, stop);
  if (role == "consume") return consume(settings, **engine, history, stop);
  return observe(settings, **engine, history, stop);
}

}  // namespace

/// hail-history-load produce|consume|observe: one process of a history, until SIGTERM.
int main(int argc, char** argv) {
  return hailstorm::run_main({.name = "hail-history-load"}, argc, argv, run);
}
