#pragma once

#include <cstdint>
#include <string>

namespace hailstorm::testing {

/// What serves Kafka's protocol on this machine.
struct KafkaPeer {
  int64_t port = 0;
  std::string name = "hailstorm-kafka";
  int64_t pid = 0;  // 0: not known
};

/// W1, W2 and W3 of log_bench over Kafka's protocol; prints a line for each.
void run_kafka(const KafkaPeer& peer, const std::string& mode);

}  // namespace hailstorm::testing
