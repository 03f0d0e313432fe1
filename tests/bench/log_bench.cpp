// Measures the log through its public client against a broker of its own, and prints one JSON line
// per run. The workloads are those of other log brokers' side-by-side benchmarks:
//
//   W1 produce   one producer, at most 10,000 records unacknowledged, every acknowledgement awaited
//   W2 consume   one consumer of one group from the start, a commit every 1,000 records; checks
//   that
//                every sequence number comes once and in order
//   W3 latency   5,000 records a second, open loop, one record a flush; publish to receipt
//   W4 fanout    four groups read while one producer produces
//   server       memory idle and after W1, start, recovery of all records after SIGKILL
//
//     build/release/tests/log_bench --all

#include <algorithm>
#include <atomic>
#include <cstring>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>
#include <time.h>
#include <unistd.h>
#include <vector>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/log/log.h"
#include "tests/support/broker_process.h"

namespace hailstorm::testing {
namespace {

using nlohmann::ordered_json;

constexpr int64_t kWindow = 10'000;
constexpr int64_t kCommitEvery = 1'000;
constexpr int kTimeoutMs = 60'000;

struct Settings {
  std::string mode = "fsync";  // or "os": acknowledged once written
  std::string workload = "produce";
  int64_t count = 500'000;
  int64_t size = 100;
  int64_t batch = 500;  // records a flush
  int64_t window = kWindow;
  bool all = false;
};

/// User and system time of a process, in seconds.
double cpu_s(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  unsigned long user = 0;
  unsigned long system = 0;
  std::sscanf(text.c_str() + text.rfind(')') + 2,
              "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  return static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double rss_mb(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

double percentile_us(std::vector<int64_t>& values_us, double share) {
  if (values_us.empty()) return 0;
  const auto index = static_cast<std::ptrdiff_t>(std::min(
      values_us.size() - 1, static_cast<size_t>(share * static_cast<double>(values_us.size()))));
  std::nth_element(values_us.begin(), values_us.begin() + index, values_us.end());
  return static_cast<double>(values_us[static_cast<size_t>(index)]);
}

/// Sends `count` numbered records, `batch` at a time; returns when each was acknowledged.
void produce(log::Engine& engine, const std::string& topic, const Settings& settings) {
  log::ProducerOptions options;
  options.linger_ms = 0;
  options.max_unacknowledged_records = settings.window;
  options.batch_bytes = static_cast<int32_t>(settings.batch * (settings.size + 10) + 100);
  const auto producer = engine.make_producer(options);
  std::atomic<int64_t> acknowledged{0};
  const log::BatchCallback done = [&](const Result<log::Delivery>& delivery, int64_t records) {
    HAIL_CHECK(delivery.ok());
    acknowledged += records;
  };
  std::vector<std::string> values(static_cast<size_t>(settings.batch),
                                  std::string(static_cast<size_t>(settings.size), 'x'));
  std::vector<log::RecordView> records(values.size());
  for (int64_t sent = 0; sent < settings.count;) {
    const auto now = static_cast<size_t>(std::min(settings.batch, settings.count - sent));
    for (size_t i = 0; i < now; ++i, ++sent) {
      std::memcpy(values[i].data(), &sent, sizeof sent);
      records[i].value = values[i];
    }
    HAIL_CHECK(producer->send(topic, std::span(records).first(now), done).ok());
  }
  HAIL_CHECK(producer->flush(kTimeoutMs).ok());
  HAIL_CHECK(acknowledged == settings.count);
}

/// A member of the group that has its partition.
std::unique_ptr<log::Consumer> join(log::Engine& engine, const std::string& topic,
                                    const std::string& group) {
  log::ConsumerOptions options;
  options.group = group;
  auto consumer = engine.make_consumer(options);
  consumer->subscribe({topic});
  while (consumer->assignment().empty()) ::usleep(500);
  return consumer;
}

/// Reads `count` numbered records in order, committing as it goes. `latencies_us`: the times from
/// the stamp in each record's second eight bytes.
void consume(log::Consumer& consumer, const std::string& topic, const Settings& settings,
             std::vector<int64_t>* latencies_us = nullptr) {
  int64_t got = 0;
  int64_t committed = 0;
  const log::RecordVisitor visit = [&](const log::TopicPartition&,
                                       const log::ConsumedView& record) {
    int64_t number = -1;
    HAIL_CHECK(record.value->size() == static_cast<size_t>(settings.size));
    std::memcpy(&number, record.value->data(), sizeof number);
    HAIL_CHECK(number == got);
    ++got;
    if (latencies_us == nullptr) return;
    int64_t stamp_us = 0;
    std::memcpy(&stamp_us, record.value->data() + sizeof number, sizeof stamp_us);
    latencies_us->push_back(steady_us() - stamp_us);
  };
  while (got < settings.count) {
    const auto polled = consumer.poll(kTimeoutMs, visit);
    HAIL_CHECK(polled.ok());
    if (got - committed < kCommitEvery) continue;
    consumer.commit_soon({{{topic, 0}, got}});
    committed = got;
  }
  HAIL_CHECK(consumer.commit({{{topic, 0}, got}}).ok());
}

void create(log::Engine& engine, const std::string& topic, const Settings& settings) {
  log::TopicSettings topic_settings;
  topic_settings.partitions = 1;
  topic_settings.flush_always = settings.mode == "fsync";
  HAIL_CHECK(engine.make_admin()->create_topic(topic, topic_settings).ok());
}

class Run {
 public:
  Run(const Settings& settings, std::string workload, pid_t broker)
      : settings_(settings), broker_(broker), cpu_s_(cpu_s(broker)), start_us_(steady_us()) {
    line_ = {{"peer", "hailstorm"},   {"mode", settings.mode},     {"w", std::move(workload)},
             {"size", settings.size}, {"window", settings.window}, {"batch", settings.batch}};
  }
  ordered_json& line() { return line_; }
  void finish(int64_t messages, double seconds) {
    const auto count = static_cast<double>(messages);
    line_["n"] = messages;
    line_["secs"] = seconds;
    line_["msg_s"] = count / seconds;
    line_["mb_s"] = count * static_cast<double>(settings_.size) / seconds / 1e6;
    line_["srv_cpu_us_msg"] = (cpu_s(broker_) - cpu_s_) * 1e6 / count;
    std::cout << line_.dump() << std::endl;
  }
  void finish(int64_t messages) { finish(messages, elapsed_s()); }
  [[nodiscard]] double elapsed_s() const {
    return static_cast<double>(steady_us() - start_us_) / 1e6;
  }

 private:
  const Settings& settings_;
  pid_t broker_;
  double cpu_s_;
  int64_t start_us_;
  ordered_json line_;
};

/// One broker and one client of it; topics are made as they are needed.
class LogBench {
 public:
  LogBench() {
    const int64_t start_us = steady_us();
    broker_ = std::make_unique<BrokerProcess>();
    startup_ms_ = static_cast<double>(steady_us() - start_us) / 1e3;
    idle_rss_mb_ = rss_mb(broker_->pid());
    engine_ = log::open(broker_->url()).value();
  }

  void run_produce(const Settings& settings, const std::string& topic) {
    create(*engine_, topic, settings);
    Run run(settings, "produce", broker_->pid());
    produce(*engine_, topic, settings);
    run.finish(settings.count);
  }
  void run_consume(const Settings& settings, const std::string& topic) {
    const auto consumer = join(*engine_, topic, "g0");
    Run run(settings, "consume", broker_->pid());
    consume(*consumer, topic, settings);
    run.finish(settings.count);
  }
  void run_fanout(const Settings& settings, const std::string& topic);
  void run_latency(const Settings& settings, const std::string& topic);
  void run_server(const Settings& settings, const std::string& topic);

 private:
  std::unique_ptr<BrokerProcess> broker_;
  std::unique_ptr<log::Engine> engine_;
  double startup_ms_ = 0;
  double idle_rss_mb_ = 0;
};

void LogBench::run_fanout(const Settings& settings, const std::string& topic) {
  constexpr int kGroups = 4;
  create(*engine_, topic, settings);
  std::vector<std::unique_ptr<log::Consumer>> consumers;
  for (int g = 0; g < kGroups; ++g) consumers.push_back(join(*engine_, topic, std::to_string(g)));
  Run run(settings, "fanout", broker_->pid());
  std::vector<std::jthread> groups;
  for (const auto& consumer : consumers) {
    groups.emplace_back([&] { consume(*consumer, topic, settings); });
  }
  produce(*engine_, topic, settings);
  run.line()["groups"] = kGroups;
  run.line()["produce_msg_s"] = static_cast<double>(settings.count) / run.elapsed_s();
  groups.clear();
  run.finish(settings.count * kGroups);
}

void LogBench::run_latency(const Settings& settings, const std::string& topic) {
  constexpr int64_t kPerSecond = 5'000;
  constexpr int64_t kSeconds = 10;
  Settings paced = settings;
  paced.count = kPerSecond * kSeconds;
  paced.batch = 1;
  create(*engine_, topic, paced);
  std::vector<int64_t> latencies_us;
  latencies_us.reserve(static_cast<size_t>(paced.count));
  const auto consumer = join(*engine_, topic, "g0");
  std::jthread reader([&] { consume(*consumer, topic, paced, &latencies_us); });
  log::ProducerOptions options;
  options.linger_ms = 0;
  const auto producer = engine_->make_producer(options);
  Run run(paced, "latency", broker_->pid());
  const int64_t start_us = steady_us();
  std::string value(static_cast<size_t>(paced.size), 'x');
  for (int64_t i = 0; i < paced.count; ++i) {
    const int64_t due_us = start_us + i * 1'000'000 / kPerSecond;
    const timespec due{due_us / 1'000'000, due_us % 1'000'000 * 1'000};
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr);
    const int64_t stamp_us = steady_us();
    std::memcpy(value.data(), &i, sizeof i);
    std::memcpy(value.data() + sizeof i, &stamp_us, sizeof stamp_us);
    const log::RecordView record{std::nullopt, value, -1};
    HAIL_CHECK(producer->send(topic, std::span(&record, 1), [](const auto&, int64_t) {}).ok());
  }
  reader.join();
  latencies_us.erase(latencies_us.begin(), latencies_us.begin() + kPerSecond);  // warm-up
  run.line()["rate"] = kPerSecond;
  run.line()["p50_us"] = percentile_us(latencies_us, 0.5);
  run.line()["p99_us"] = percentile_us(latencies_us, 0.99);
  run.line()["p999_us"] = percentile_us(latencies_us, 0.999);
  run.finish(paced.count, static_cast<double>(kSeconds));
}

void LogBench::run_server(const Settings& settings, const std::string& topic) {
  const double after_mb = rss_mb(broker_->pid());
  broker_->kill();
  const int64_t start_us = steady_us();
  broker_->start();
  const double recovery_ms = static_cast<double>(steady_us() - start_us) / 1e3;
  consume(*join(*engine_, topic, "after"), topic, settings);
  const ordered_json line = {
      {"peer", "hailstorm"},         {"mode", settings.mode},       {"w", "server"},
      {"idle_rss_mb", idle_rss_mb_}, {"rss_after_w1_mb", after_mb}, {"startup_ms", startup_ms_},
      {"recovery_ms", recovery_ms},  {"all_recovered", true},       {"n", settings.count}};
  std::cout << line.dump() << std::endl;
}

void run_all(const std::string& mode) {
  const bool fsync = mode == "fsync";
  Settings small{.mode = mode, .count = fsync ? 500'000 : 1'000'000};
  Settings one = small;
  one.count = 5'000;
  one.batch = one.window = 1;
  Settings best = small;
  best.batch = 5'000;
  Settings large = small;
  large.size = 1'024;
  large.count = fsync ? 200'000 : 500'000;
  Settings fan = small;
  fan.count = fsync ? 200'000 : 500'000;
  Settings best_fan = fan;
  best_fan.batch = best.batch;

  LogBench bench;
  bench.run_produce(one, "sync");
  bench.run_produce(small, "t");
  bench.run_consume(small, "t");
  bench.run_produce(best, "b");
  bench.run_server(small, "t");
  bench.run_produce(large, "k");
  bench.run_consume(large, "k");
  bench.run_fanout(fan, "f");
  bench.run_fanout(best_fan, "fb");
  bench.run_latency(small, "l");
}

void run_one(const Settings& settings) {
  LogBench bench;
  if (settings.workload == "latency") return bench.run_latency(settings, "t");
  if (settings.workload == "fanout") return bench.run_fanout(settings, "t");
  bench.run_produce(settings, "t");
  if (settings.workload == "consume") bench.run_consume(settings, "t");
}

}  // namespace
}  // namespace hailstorm::testing

int main(int argc, char** argv) {
  using namespace hailstorm;
  testing::Settings settings;
  Options options("log_bench", "Measures the log through its public client.");
  options.add("mode", settings.mode, "fsync, or os: acknowledged once written");
  options.add("workload", settings.workload, "produce, consume, latency or fanout");
  options.add("count", settings.count, "records");
  options.add("size", settings.size, "bytes of a record");
  options.add("batch", settings.batch, "records a flush");
  options.add("window", settings.window, "records unacknowledged at most");
  options.add_flag("all", settings.all, "every workload, in both modes");
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;
  if (!settings.all) {
    testing::run_one(settings);
    return 0;
  }
  for (const auto* mode : {"os", "fsync"}) testing::run_all(mode);
  return 0;
}
