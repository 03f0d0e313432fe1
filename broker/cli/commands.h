#pragma once

#include "broker/cli/connection.h"
#include "common/base/options.h"

/// The commands of `hail`. Each function adds its own to `root`; `globals` must remain live until
/// Options::run_command() returned, and is filled by then.
namespace hailstorm::cli {

void add_topics_commands(Options& root, const Globals& globals);
/// To the command `topics`.
void add_alter_command(Options& topics, const Globals& globals);
void add_delete_records_command(Options& topics, const Globals& globals);
void add_produce_command(Options& root, const Globals& globals);
void add_consume_command(Options& root, const Globals& globals);
void add_groups_commands(Options& root, const Globals& globals);
void add_dump_command(Options& root, const Globals& globals);
void add_perf_commands(Options& root, const Globals& globals);
void add_power_cut_command(Options& root, const Globals& globals);
void add_verify_command(Options& root, const Globals& globals);

}  // namespace hailstorm::cli
