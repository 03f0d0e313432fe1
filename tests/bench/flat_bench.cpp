// Measures what one record costs as the work around it grows: partitions, consumers, groups,
// producers, small batches, old data. Prints one JSON line per row, with what the broker took.
//
//     build/release/tests/flat_bench                 all but the large logs
//     build/release/tests/flat_bench --table logs    1 and 10 GB: start, recovery, catch-up,
//     look-up

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/run_main.h"
#include "common/log/log.h"
#include "tests/bench/clean_interrupt.h"
#include "tests/bench/room.h"
#include "tests/bench/workloads.h"
#include "tests/support/broker_process.h"
#include "tests/support/pace.h"
#include "tests/support/process_figures.h"

namespace hailstorm::testing {
namespace {

using nlohmann::ordered_json;

constexpr int kTimeoutMs = 60'000;

/// A broker, a client of it, and a clock.
struct Bench {
  Bench() { engine = log::open(broker.url()).value(); }

  double time_s(const std::function<void()>& work) {
    const int64_t start_us = steady_us();
    work();
    return static_cast<double>(steady_us() - start_us) / 1e6;
  }
  double per_second(int64_t count, const std::function<void()>& work) {
    return static_cast<double>(count) / time_s(work);
  }
  /// Prints the row and what the broker takes now.
  void print(ordered_json row) const {
    const ProcessFigures figures = figures_of(broker.pid());
    row["rss_mb"] = figures.rss_mb;
    row["descriptors"] = figures.descriptors;
    row["threads"] = figures.threads;
    std::cout << row.dump() << std::endl;
  }
  double restart_ms() {
    broker.kill();
    return time_s([this] { broker.start(); }) * 1e3;
  }

  BrokerProcess broker;
  std::unique_ptr<log::Engine> engine;
};

/// Polls until `count` records came, committing what was seen a thousand records at a time.
void read(log::Consumer& consumer, int64_t count) {
  constexpr int64_t kCommitEvery = 1'000;
  std::map<log::TopicPartition, int64_t> next_offsets;
  int64_t uncommitted = 0;
  const log::RecordVisitor visit = [&](const log::TopicPartition& id,
                                       const log::ConsumedView& record) {
    next_offsets[id] = record.offset + 1;
  };
  for (int64_t got = 0; got < count;) {
    const auto polled = consumer.poll(kTimeoutMs, visit);
    HAIL_CHECK(polled.ok() && *polled > 0);
    got += *polled;
    uncommitted += *polled;
    if (uncommitted < kCommitEvery) continue;
    std::vector<log::Position> positions;
    for (const auto& [id, offset] : std::exchange(next_offsets, {}))
      positions.push_back({id, offset});
    consumer.commit_soon(positions);
    uncommitted = 0;
  }
}

void partitions() {
  for (const int32_t count : {1, 16, 256, 1'000}) {
    Bench bench;
    Workload workload;
    workload.count = 1'000'000;
    create_topic(*bench.engine, "t", workload, {.partitions = count});
    const double produced =
        bench.per_second(workload.count, [&] { produce(*bench.engine, "t", workload); });
    const auto consumer = join(*bench.engine, "t", "g", static_cast<size_t>(count));
    const double consumed =
        bench.per_second(workload.count, [&] { read(*consumer, workload.count); });
    const double restart_ms = bench.restart_ms();
    bench.print({{"partitions", count},
                 {"produced_s", produced},
                 {"consumed_s", consumed},
                 {"ready_after_sigkill_ms", restart_ms}});
  }
}

/// `count` consumers read what one producer wrote: as one group that shares 64 partitions, or each
/// as a group of its own.
void consumers_of(int count, bool one_group) {
  constexpr int32_t kPartitions = 64;
  Bench bench;
  Workload workload;
  workload.count = one_group ? 1'000'000 : 200'000;
  create_topic(*bench.engine, "t", workload, {.partitions = kPartitions});
  produce(*bench.engine, "t", workload);
  const size_t share = one_group ? static_cast<size_t>(kPartitions / count) : kPartitions;
  std::vector<std::unique_ptr<log::Consumer>> consumers;
  for (int i = 0; i < count; ++i) {
    log::ConsumerOptions options;
    options.group = one_group ? "g" : std::to_string(i);
    consumers.push_back(bench.engine->make_consumer(options));
    consumers.back()->subscribe({"t"});
  }
  // Partitions move from those that came first to those that came last: everybody polls till then.
  const auto settled = [&] {
    return std::all_of(consumers.begin(), consumers.end(),
                       [&](const auto& one) { return one->assignment().size() == share; });
  };
  std::atomic<int64_t> left = one_group ? workload.count : workload.count * count;
  const double join_s = bench.time_s([&] {
    while (!settled()) {
      for (size_t i = 0; i < consumers.size(); ++i) {
        const auto polled = consumers[i]->poll(1, [](const auto&, const auto&) {});
        HAIL_CHECK(polled.ok());
        left -= *polled;
      }
    }
  });
  const int64_t total = left;
  const double consumed = bench.per_second(total, [&] {
    std::vector<std::jthread> threads;
    for (const auto& consumer : consumers) {
      threads.emplace_back([&] {
        while (left > 0) left -= consumer->poll(10, [](const auto&, const auto&) {}).value();
      });
    }
  });
  bench.print({{"consumers", count},
               {"groups", one_group ? 1 : count},
               {"joined_s", join_s},
               {"delivered_s", consumed}});
}

void consumers() {
  consumers_of(1, true);
  consumers_of(64, true);
  consumers_of(64, false);
}

void producers() {
  for (const int count : {1, 32}) {
    Bench bench;
    Workload workload;
    workload.count = 1'024'000 / count;
    create_topic(*bench.engine, "t", workload);
    const double produced = bench.per_second(workload.count * count, [&] {
      std::vector<std::jthread> threads;
      for (int i = 0; i < count; ++i) {
        threads.emplace_back([&] { produce(*bench.engine, "t", workload); });
      }
    });
    bench.print({{"producers", count}, {"produced_s", produced}});
  }
}

void batches() {
  for (const int64_t batch : {1, 10, 500}) {
    Bench bench;
    Workload workload;
    workload.batch = batch;
    workload.count = batch == 1 ? 100'000 : 1'000'000;
    create_topic(*bench.engine, "t", workload);
    const double cpu_s = figures_of(bench.broker.pid()).cpu_s;
    const double produced =
        bench.per_second(workload.count, [&] { produce(*bench.engine, "t", workload); });
    const double batch_count = static_cast<double>(workload.count) / static_cast<double>(batch);
    const double broker_us = (figures_of(bench.broker.pid()).cpu_s - cpu_s) * 1e6;
    const auto consumer = join(*bench.engine, "t", "g");
    const double consumed =
        bench.per_second(workload.count, [&] { read(*consumer, workload.count); });
    bench.print({{"batch", batch},
                 {"produced_s", produced},
                 {"broker_cpu_us_per_batch", broker_us / batch_count},
                 {"consumed_s", consumed}});
  }
}

double median_lookup_us(Bench& bench, int64_t first_ms, int64_t last_ms) {
  constexpr int kLookups = 101;
  const auto admin = bench.engine->make_admin(kTimeoutMs);
  std::vector<int64_t> took_us;
  for (int i = 0; i < kLookups; ++i) {
    const int64_t start_us = steady_us();
    const auto found =
        admin->offsets_at({{"t", 0}}, first_ms + (last_ms - first_ms) * i / kLookups);
    HAIL_CHECK(found.ok());
    took_us.push_back(steady_us() - start_us);
  }
  std::nth_element(took_us.begin(), took_us.begin() + kLookups / 2, took_us.end());
  return static_cast<double>(took_us[kLookups / 2]);
}

void logs() {
  for (const int64_t gigabytes : {1, 10}) {
    Bench bench;
    Workload workload;
    workload.mode = "os";
    workload.size = 1'000;
    workload.count = gigabytes * 1'000'000;
    create_topic(*bench.engine, "t", workload);
    const int64_t first_ms = SystemClock().wall_ms();
    const double produced =
        bench.per_second(workload.count, [&] { produce(*bench.engine, "t", workload); });
    const int64_t last_ms = SystemClock().wall_ms();
    const double recovery_ms = bench.restart_ms();
    bench.broker.stop();
    const double start_ms = bench.time_s([&] { bench.broker.start(); }) * 1e3;
    const double lookup_us = median_lookup_us(bench, first_ms, last_ms);
    constexpr int64_t kRead = 500'000;
    log::ConsumerOptions options;
    const auto consumer = bench.engine->make_consumer(options);
    consumer->assign({{{"t", 0}, workload.count / 2}});
    const double from_middle = bench.per_second(kRead, [&] {
      for (int64_t got = 0; got < kRead;) {
        got += consumer->poll(kTimeoutMs, [](const auto&, const auto&) {}).value();
      }
    });
    bench.print({{"log_gb", gigabytes},
                 {"produced_s", produced},
                 {"ready_after_sigkill_ms", recovery_ms},
                 {"ready_after_stop_ms", start_ms},
                 {"lookup_by_time_us", lookup_us},
                 {"from_the_middle_s", from_middle}});
  }
}

/// 24 million records pass through a topic that keeps 256 MB.
void retention() {
  Bench bench;
  Workload workload;
  workload.mode = "os";
  workload.count = 24'000'000;
  create_topic(*bench.engine, "t", workload,
               {.partitions = 1, .segment_bytes = 64 << 20, .retention_bytes = 256 << 20});
  const double produced =
      bench.per_second(workload.count, [&] { produce(*bench.engine, "t", workload); });
  const auto admin = bench.engine->make_admin(kTimeoutMs);
  const auto now = [&] { return admin->describe_topics({"t"}).value().front().partitions.front(); };
  auto info = now();
  for (; info.log_start_offset == 0; info = now())
    pace(std::chrono::milliseconds(100));  // looks every few seconds
  bench.print({{"records", workload.count},
               {"produced_s", produced},
               {"kept_mb", static_cast<double>(info.size_bytes) / 1e6},
               {"first_kept_offset", info.log_start_offset}});
}

struct Table {
  const char* name;
  void (*run)();
  int64_t disk_bytes;
};
constexpr int64_t kGb = 1'000'000'000;
constexpr Table kTables[] = {{"partitions", partitions, kGb}, {"consumers", consumers, kGb},
                             {"producers", producers, kGb},   {"batches", batches, kGb},
                             {"retention", retention, kGb},   {"logs", logs, 11 * kGb}};

int run(const std::string& wanted) {
  for (const Table& table : kTables) {
    const bool is_default = wanted.empty() && std::string_view(table.name) != "logs";
    if (!is_default && wanted != table.name) continue;
    const Status room = check_room(table.disk_bytes, kGb);
    if (!room.ok()) return usage_error("flat_bench", room.error().message());
    table.run();
  }
  return 0;
}

int run_bench(int argc, char** argv) {
  std::string table;
  Options options("flat_bench", "Measures what a record costs as the work around it grows.");
  options.add_choice("table", table,
                     {"partitions", "consumers", "producers", "batches", "retention", "logs"},
                     "one of them; without it all but the large logs");
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;
  const CleanInterrupt clean_interrupt;
  return run(table);
}

}  // namespace
}  // namespace hailstorm::testing

int main(int argc, char** argv) {
  return hailstorm::run_main({.name = "flat_bench"}, argc, argv, hailstorm::testing::run_bench);
}
