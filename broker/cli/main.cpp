#include "broker/cli/commands.h"
#include "common/base/logging.h"
#include "common/base/run_main.h"

namespace {

using namespace hailstorm;

int run(int argc, char** argv) {
  init_logging("hail", LogLevel::error);
  cli::Globals globals;
  Options options("hail",
                  "The log's command line: topics, records, consumer groups, segment files.");
  options.add_address("broker", globals.broker, "hailstorm", "address of the broker");
  options.add_flag("json", globals.json, "print JSON, for programs");
  cli::add_topics_commands(options, globals);
  cli::add_produce_command(options, globals);
  cli::add_consume_command(options, globals);
  cli::add_groups_commands(options, globals);
  cli::add_perf_commands(options, globals);
  cli::add_dump_command(options, globals);
  cli::add_verify_command(options, globals);
  cli::add_power_cut_command(options, globals);
  if (const auto code = options.parse(argc, argv)) return *code;
  return options.run_command();
}

}  // namespace

int main(int argc, char** argv) { return run_main({.name = "hail"}, argc, argv, run); }
