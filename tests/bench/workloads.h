#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/log/log.h"

namespace hailstorm::testing {

/// What one run of a workload does.
struct Workload {
  std::string mode = "fsync";  // or "os": acknowledged once written
  int64_t count = 500'000;     // records
  int64_t size = 100;          // bytes of a record's value
  int64_t batch = 500;         // records a flush
  int64_t window = 10'000;     // records unacknowledged at most
};

/// Where a workload writes and reads, and with what settings the topic is made.
void create_topic(log::Engine& engine, const std::string& topic, const Workload& workload,
                  log::TopicSettings settings = {.partitions = 1});

/// Sends numbered records, a batch at a time, through one producer; returns when each was
/// acknowledged.
void produce(log::Engine& engine, const std::string& topic, const Workload& workload);

/// A member of the group that has all partitions of the topic.
[[nodiscard]] std::unique_ptr<log::Consumer> join(log::Engine& engine, const std::string& topic,
                                                  const std::string& group,
                                                  size_t partition_count = 1);

/// Reads the numbered records of a topic of one partition, checks that each comes once and in
/// order, and commits every 1,000.
void consume(log::Consumer& consumer, const std::string& topic, const Workload& workload);

struct Latencies {
  double p50_us = 0;
  double p99_us = 0;
  double p999_us = 0;
};
/// Of times in the order of their records; those of the first second are not counted.
[[nodiscard]] Latencies latencies_of(std::vector<int64_t> latencies_us, int64_t per_second);

/// By the steady clock.
void wait_until_us(int64_t due_us);

/// Sends `per_second` records one by one, open loop; from just before the send to the receipt. The
/// first second is not counted.
[[nodiscard]] Latencies measure_latency(log::Engine& engine, const std::string& topic,
                                        const Workload& workload, int64_t per_second);

}  // namespace hailstorm::testing
