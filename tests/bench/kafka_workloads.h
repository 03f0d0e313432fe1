#pragma once

#include <string>

#include "tests/bench/workloads.h"

/// The workloads of workloads.h over Kafka's protocol and raw sockets, in the versions of requests
/// that other brokers' benchmarks use: whatever serves `port` gets the same bytes.
namespace hailstorm::testing {

/// Made again where it is there. Acknowledged after a sync: "fsync", as Kafka's setting
/// flush.messages has it.
void create_kafka_topic(int port, const std::string& topic, const Workload& workload);

void kafka_produce(int port, const std::string& topic, const Workload& workload);

/// Reads from the start, with one fetch under way while the records of the last are looked at.
/// Commits every 1,000 records, on a connection of its own.
void kafka_consume(int port, const std::string& topic, const Workload& workload);

[[nodiscard]] Latencies kafka_latency(int port, const std::string& topic, const Workload& workload,
                                      int64_t per_second);

}  // namespace hailstorm::testing
