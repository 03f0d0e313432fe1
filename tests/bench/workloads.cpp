#include "tests/bench/workloads.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>
#include <time.h>
#include <unistd.h>
#include <vector>

#include "common/base/check.h"
#include "common/base/clock.h"

namespace hailstorm::testing {
namespace {

constexpr int64_t kCommitEvery = 1'000;
constexpr int kTimeoutMs = 60'000;
constexpr int64_t kRecordOverheadBytes = 10;  // of a small record in a batch, about

double percentile_us(std::vector<int64_t>& values_us, double share) {
  if (values_us.empty()) return 0;
  const auto index = static_cast<std::ptrdiff_t>(std::min(
      values_us.size() - 1, static_cast<size_t>(share * static_cast<double>(values_us.size()))));
  std::nth_element(values_us.begin(), values_us.begin() + index, values_us.end());
  return static_cast<double>(values_us[static_cast<size_t>(index)]);
}

/// As consume(); `latencies_us`: the times from the stamp in each record's second eight bytes.
void read_all(log::Consumer& consumer, const std::string& topic, const Workload& workload,
              std::vector<int64_t>* latencies_us) {
  int64_t got = 0;
  int64_t committed = 0;
  const log::RecordVisitor visit = [&](const log::TopicPartition&,
                                       const log::ConsumedView& record) {
    int64_t number = -1;
    HAIL_CHECK(record.value->size() == static_cast<size_t>(workload.size));
    std::memcpy(&number, record.value->data(), sizeof number);
    HAIL_CHECK(number == got);
    ++got;
    if (latencies_us == nullptr) return;
    int64_t stamp_us = 0;
    std::memcpy(&stamp_us, record.value->data() + sizeof number, sizeof stamp_us);
    latencies_us->push_back(steady_us() - stamp_us);
  };
  while (got < workload.count) {
    HAIL_CHECK(consumer.poll(kTimeoutMs, visit).ok());
    if (got - committed < kCommitEvery) continue;
    consumer.commit_soon({{{topic, 0}, got}});
    committed = got;
  }
  HAIL_CHECK(consumer.commit({{{topic, 0}, got}}).ok());
}

}  // namespace

void wait_until_us(int64_t due_us) {
  const timespec due{due_us / 1'000'000, due_us % 1'000'000 * 1'000};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr);
}

Latencies latencies_of(std::vector<int64_t> latencies_us, int64_t per_second) {
  latencies_us.erase(latencies_us.begin(), latencies_us.begin() + per_second);
  return {percentile_us(latencies_us, 0.5), percentile_us(latencies_us, 0.99),
          percentile_us(latencies_us, 0.999)};
}

void create_topic(log::Engine& engine, const std::string& topic, const Workload& workload,
                  log::TopicSettings settings) {
  settings.flush_always = workload.mode == "fsync";
  HAIL_CHECK(engine.make_admin(kTimeoutMs)->create_topic(topic, settings).ok());
}

void produce(log::Engine& engine, const std::string& topic, const Workload& workload) {
  log::ProducerOptions options;
  options.linger_ms = 0;
  options.max_unacknowledged_records = workload.window;
  options.batch_bytes =
      static_cast<int32_t>(workload.batch * (workload.size + kRecordOverheadBytes) + 100);
  const auto producer = engine.make_producer(options);
  std::atomic<int64_t> acknowledged{0};
  const log::BatchCallback done = [&](const Result<log::Delivery>& delivery, int64_t records) {
    HAIL_CHECK(delivery.ok());
    acknowledged += records;
  };
  std::vector<std::string> values(static_cast<size_t>(workload.batch),
                                  std::string(static_cast<size_t>(workload.size), 'x'));
  std::vector<log::RecordView> records(values.size());
  for (int64_t sent = 0; sent < workload.count;) {
    const auto now = static_cast<size_t>(std::min(workload.batch, workload.count - sent));
    for (size_t i = 0; i < now; ++i, ++sent) {
      std::memcpy(values[i].data(), &sent, sizeof sent);
      records[i].value = values[i];
    }
    HAIL_CHECK(producer->send(topic, std::span(records).first(now), done).ok());
  }
  HAIL_CHECK(producer->flush(kTimeoutMs).ok());
  HAIL_CHECK(acknowledged == workload.count);
}

std::unique_ptr<log::Consumer> join(log::Engine& engine, const std::string& topic,
                                    const std::string& group, size_t partition_count) {
  log::ConsumerOptions options;
  options.group = group;
  auto consumer = engine.make_consumer(options);
  consumer->subscribe({topic});
  const int64_t until_us = steady_us() + int64_t{kTimeoutMs} * 1'000;
  while (consumer->assignment().size() < partition_count) {
    HAIL_CHECK(steady_us() < until_us);
    wait_until_us(steady_us() + 500);
  }
  return consumer;
}

void consume(log::Consumer& consumer, const std::string& topic, const Workload& workload) {
  read_all(consumer, topic, workload, nullptr);
}

Latencies measure_latency(log::Engine& engine, const std::string& topic, const Workload& workload,
                          int64_t per_second) {
  std::vector<int64_t> latencies_us;
  latencies_us.reserve(static_cast<size_t>(workload.count));
  const auto consumer = join(engine, topic, "g0");
  std::jthread reader([&] { read_all(*consumer, topic, workload, &latencies_us); });
  log::ProducerOptions options;
  options.linger_ms = 0;
  const auto producer = engine.make_producer(options);
  const int64_t start_us = steady_us();
  std::string value(static_cast<size_t>(workload.size), 'x');
  for (int64_t i = 0; i < workload.count; ++i) {
    wait_until_us(start_us + i * 1'000'000 / per_second);
    const int64_t stamp_us = steady_us();
    std::memcpy(value.data(), &i, sizeof i);
    std::memcpy(value.data() + sizeof i, &stamp_us, sizeof stamp_us);
    const log::RecordView record{std::nullopt, value, -1};
    HAIL_CHECK(producer->send(topic, std::span(&record, 1), [](const auto&, int64_t) {}).ok());
  }
  reader.join();
  return latencies_of(std::move(latencies_us), per_second);
}

}  // namespace hailstorm::testing
