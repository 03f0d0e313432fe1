#include <iostream>
#include <poll.h>
#include <unistd.h>

#include "broker/cli/commands.h"
#include "common/base/logging.h"
#include "common/base/process.h"

namespace {

/// What nobody reads any more, as in a pipe into `head`, is not missed.
bool is_output_lost() {
  if (std::cout.flush()) return false;
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&output, 1, 0) != 1 || (output.revents & POLLERR) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace hailstorm;
  prepare_process();
  init_logging("hail", LogLevel::error);
  cli::Globals globals;
  Options options("hail",
                  "The log's command line: topics, records, consumer groups, segment files.");
  options.add("broker", globals.broker, "address of the broker");
  options.add_flag("json", globals.json, "print JSON, for programs");
  cli::add_topics_commands(options, globals);
  cli::add_produce_command(options, globals);
  cli::add_consume_command(options, globals);
  cli::add_groups_commands(options, globals);
  cli::add_perf_commands(options, globals);
  cli::add_dump_command(options, globals);
  cli::add_verify_command(options, globals);
  if (const auto code = options.parse(argc, argv)) return *code;
  const int code = options.run_command();
  if (code != 0 || !is_output_lost()) return code;
  std::cerr << "hail: cannot write to standard output\n";
  return 1;
}
