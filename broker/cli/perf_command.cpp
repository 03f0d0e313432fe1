#include <memory>

#include "broker/cli/commands.h"
#include "broker/cli/compression_option.h"
#include "broker/cli/perf.h"
#include "broker/cli/start_point.h"

namespace hailstorm::cli {
namespace {

void add_produce(Options& perf, const Globals& globals) {
  const auto arguments = std::make_shared<PerfProduceArguments>();
  Options& options =
      perf.add_command("produce", "Writes records to a topic as fast as it goes, or at a rate",
                       [&globals, arguments] {
                         const auto code = perf_produce(globals, *arguments);
                         return code.ok() ? *code : fail(globals, code.error());
                       });
  options.add_positional("TOPIC", arguments->topic, "the topic's name; its records stay in it");
  options.add("records", arguments->records, {1, kMaxTotalBytes, "records"}, "how many");
  options.add("size", arguments->size, {0, log::kMaxRecordBytes, "bytes"},
              "bytes of a record's value");
  options.add("batch", arguments->batch, {1, log::ProducerOptions::kMaxBatchBytes, "bytes"},
              "bytes that the producer gathers into one batch");
  options.add_choice("acks", arguments->acks, {"all", "1"},
                     "all: acknowledged when durable; 1: acknowledged once written");
  add_compression(options, arguments->compression);
  options.add("linger-ms", arguments->linger_ms, {0, 10'000, "ms"},
              "how long a batch may wait for more records");
  options.add("in-flight", arguments->in_flight, {1, kMaxInFlight, "records"},
              "records unacknowledged at most; 32 MiB of them at most in any case");
  options.add("rate", arguments->rate, {0, 100'000'000, "records/s"},
              "records a second; 0: as fast as it goes");
}

void add_consume(Options& perf, const Globals& globals) {
  const auto arguments = std::make_shared<PerfConsumeArguments>();
  Options& options = perf.add_command("consume", "Reads a topic's records as fast as it goes",
                                      [&globals, arguments] {
                                        const auto code = perf_consume(globals, *arguments);
                                        return code.ok() ? *code : fail(globals, code.error());
                                      });
  options.add_positional("TOPIC", arguments->topic, "the topic's name");
  options.add("records", arguments->records, {0, kAnyMost, "records"},
              "stop after so many; 0: at the end that the topic has now");
  options.add("group", arguments->group, "read as a member of this group and commit");
  options.add("from", arguments->from, start_point_check(),
              "earliest, latest, an offset, or a time");
  options.add_flag("follow", arguments->follow, "go on at the end of the log, until Ctrl-C");
}

}  // namespace

void add_perf_commands(Options& root, const Globals& globals) {
  Options& perf = root.add_command(
      "perf",
      "Measures a running broker: throughput and latency. Ctrl-C ends with the numbers so far");
  add_produce(perf, globals);
  add_consume(perf, globals);
}

}  // namespace hailstorm::cli
