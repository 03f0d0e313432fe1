// Measures the log through its public client against a broker of its own, and prints one JSON line
// per run. The workloads are those of other log brokers' side-by-side benchmarks:
//
//   W1 produce   one producer, at most 10,000 records unacknowledged, every acknowledgement awaited
//   W2 consume   one consumer of one group from the start, a commit every 1,000 records; checks
//                that every sequence number comes once and in order
//   W3 latency   5,000 records a second, open loop, one record a flush; publish to receipt
//   W4 fanout    four groups read while one producer produces
//   server       memory idle and after W1, start, recovery of all records after SIGKILL
//
//     build/release/tests/log_bench --all
//     build/release/tests/log_bench --kafka PORT --peer NAME    W1 to W3 over Kafka's protocol
//     build/release/tests/log_bench --against results.jsonl

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/run_main.h"
#include "common/log/log.h"
#include "tests/bench/clean_interrupt.h"
#include "tests/bench/comparison.h"
#include "tests/bench/kafka_runs.h"
#include "tests/bench/room.h"
#include "tests/bench/run.h"
#include "tests/bench/workloads.h"
#include "tests/support/broker_process.h"
#include "tests/support/process_figures.h"

namespace hailstorm::testing {
namespace {

using nlohmann::ordered_json;

/// One broker and one client of it; topics are made as they are needed. Every function prints its
/// line and gives it.
class LogBench {
 public:
  LogBench() {
    const int64_t start_us = steady_us();
    broker_ = std::make_unique<BrokerProcess>();
    startup_ms_ = static_cast<double>(steady_us() - start_us) / 1e3;
    idle_rss_mb_ = figures_of(broker_->pid()).rss_mb;
    engine_ = log::open(broker_->url()).value();
  }

  ordered_json run_produce(const Workload& workload, const std::string& topic) {
    create_topic(*engine_, topic, workload);
    Run run(workload, kOurName, "produce", broker_->pid());
    produce(*engine_, topic, workload);
    return run.finish(workload.count);
  }
  ordered_json run_consume(const Workload& workload, const std::string& topic) {
    const auto consumer = join(*engine_, topic, "g0");
    Run run(workload, kOurName, "consume", broker_->pid());
    consume(*consumer, topic, workload);
    return run.finish(workload.count);
  }
  ordered_json run_fanout(const Workload& workload, const std::string& topic);
  ordered_json run_latency(Workload workload, const std::string& topic);
  ordered_json run_server(const Workload& workload, const std::string& topic);

 private:
  std::unique_ptr<BrokerProcess> broker_;
  std::unique_ptr<log::Engine> engine_;
  double startup_ms_ = 0;
  double idle_rss_mb_ = 0;
};

ordered_json LogBench::run_fanout(const Workload& workload, const std::string& topic) {
  constexpr int kGroups = 4;
  create_topic(*engine_, topic, workload);
  std::vector<std::unique_ptr<log::Consumer>> consumers;
  for (int g = 0; g < kGroups; ++g) consumers.push_back(join(*engine_, topic, std::to_string(g)));
  Run run(workload, kOurName, "fanout", broker_->pid());
  std::vector<std::jthread> groups;
  for (const auto& consumer : consumers) {
    groups.emplace_back([&] { consume(*consumer, topic, workload); });
  }
  produce(*engine_, topic, workload);
  run.line()["groups"] = kGroups;
  run.line()["produce_msg_s"] = static_cast<double>(workload.count) / run.elapsed_s();
  groups.clear();
  return run.finish(workload.count * kGroups);
}

ordered_json LogBench::run_latency(Workload workload, const std::string& topic) {
  constexpr int64_t kPerSecond = 5'000;
  constexpr int64_t kSeconds = 15;
  workload.count = kPerSecond * kSeconds;
  workload.batch = 1;
  create_topic(*engine_, topic, workload);
  Run run(workload, kOurName, "latency", broker_->pid());
  const Latencies latencies = measure_latency(*engine_, topic, workload, kPerSecond);
  run.line()["rate"] = kPerSecond;
  run.line()["p50_us"] = latencies.p50_us;
  run.line()["p99_us"] = latencies.p99_us;
  run.line()["p999_us"] = latencies.p999_us;
  return run.finish(workload.count);
}

ordered_json LogBench::run_server(const Workload& workload, const std::string& topic) {
  const double after_mb = figures_of(broker_->pid()).rss_mb;
  broker_->kill();
  const int64_t start_us = steady_us();
  broker_->start();
  const double recovery_ms = static_cast<double>(steady_us() - start_us) / 1e3;
  consume(*join(*engine_, topic, "after"), topic, workload);
  const ordered_json line = {{"peer", kOurName},
                             {"mode", workload.mode},
                             {"w", "server"},
                             {"idle_rss_mb", idle_rss_mb_},
                             {"rss_after_w1_mb", after_mb},
                             {"startup_ms", startup_ms_},
                             {"recovery_ms", recovery_ms},
                             {"all_recovered", true},
                             {"n", workload.count}};
  std::cout << line.dump() << std::endl;
  return line;
}

std::vector<ordered_json> run_all(const std::string& mode) {
  const bool fsync = mode == "fsync";
  Workload small;
  small.mode = mode;
  small.count = fsync ? 500'000 : 1'000'000;
  Workload one = small;
  one.count = 5'000;
  one.batch = one.window = 1;
  Workload best = small;
  best.batch = 5'000;
  Workload large = small;
  large.size = 1'024;
  large.count = fsync ? 200'000 : 500'000;
  Workload fan = small;
  fan.count = fsync ? 200'000 : 500'000;
  Workload best_fan = fan;
  best_fan.batch = best.batch;
  best_fan.count = small.count / 2;

  LogBench bench;
  return {bench.run_produce(one, "sync"),   bench.run_produce(small, "t"),
          bench.run_consume(small, "t"),    bench.run_produce(best, "b"),
          bench.run_server(small, "t"),     bench.run_produce(large, "k"),
          bench.run_consume(large, "k"),    bench.run_fanout(fan, "f"),
          bench.run_fanout(best_fan, "fb"), bench.run_latency(small, "l")};
}

std::vector<ordered_json> run_everything() {
  std::vector<ordered_json> lines;
  for (const auto* mode : {"os", "fsync"}) {
    for (auto& line : run_all(mode)) lines.push_back(std::move(line));
  }
  return lines;
}

int run_one(const std::string& name, const Workload& workload) {
  LogBench bench;
  if (name == "latency") {
    bench.run_latency(workload, "t");
  } else if (name == "fanout") {
    bench.run_fanout(workload, "t");
  } else {
    bench.run_produce(workload, "t");
    if (name == "consume") bench.run_consume(workload, "t");
  }
  return 0;
}

/// What `workload` asks for makes sense and fits this machine; else why not.
std::optional<std::string> problem(const Workload& workload) {
  if (workload.batch * workload.size > 2 << 20) return "--batch: no batch is larger than 2 MiB";
  constexpr int64_t kMostBytes = int64_t{1} << 60;
  if (workload.count > kMostBytes / (workload.size + 20)) return "--count is beyond any disk";
  const Status room = check_room(workload.count * (workload.size + 20), 256 << 20);
  if (!room.ok()) return room.error().message();
  return std::nullopt;
}

int run_bench(int argc, char** argv) {
  Workload workload;
  std::string name = "produce";
  bool all = false;
  KafkaPeer kafka;
  std::optional<std::string> against;
  Options options("log_bench", "Measures the log through its public client.");
  options.add_choice("mode", workload.mode, {"fsync", "os"}, "os: acknowledged once written");
  options.add_choice("workload", name, {"produce", "consume", "latency", "fanout"},
                     "what is measured");
  options.add("count", workload.count, {1, int64_t{1} << 50, "records"}, "records");
  options.add("size", workload.size, {16, 1 << 20, "bytes"}, "bytes of a record");
  options.add("batch", workload.batch, {1, 1 << 17, "records"}, "records a flush");
  options.add("window", workload.window, {1, 1 << 30, "records"}, "records unacknowledged at most");
  options.add_flag("all", all, "every workload, in both modes");
  options.add("kafka", kafka.port, {0, 65'535, "a port"},
              "drive what serves Kafka's protocol on this port of the machine, in the mode given, "
              "over raw sockets; 0: our protocol, and a broker of its own");
  options.add("peer", kafka.name, "with --kafka: the name in the lines");
  options.add("pid", kafka.pid, {0, int64_t{1} << 31, "a process"},
              "with --kafka: the process that serves it, whose time is measured");
  options.add("against", against,
              "the lines of other brokers: a table beside ours, from this file's lines of "
              "'hailstorm' where it has some, else from a run of --all");
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;
  if (const auto wrong = problem(workload)) return usage_error("log_bench", *wrong);
  std::vector<nlohmann::ordered_json> lines;
  if (against) {
    auto read = read_results(*against);
    if (!read.ok()) return usage_error("log_bench", read.error().message());
    lines = std::move(read).value();
  }
  const CleanInterrupt clean_interrupt;
  if (kafka.port > 0) {
    run_kafka(kafka, workload.mode);
    return 0;
  }
  if (!all && !against) return run_one(name, workload);
  if (!against || !has_ours(lines)) {
    for (auto& line : run_everything()) lines.push_back(std::move(line));
  }
  if (against) std::cout << comparison_table(lines);
  return 0;
}

}  // namespace
}  // namespace hailstorm::testing

int main(int argc, char** argv) {
  return hailstorm::run_main({.name = "log_bench"}, argc, argv, hailstorm::testing::run_bench);
}
