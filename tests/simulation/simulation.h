#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hailstorm::simulation {

struct Outcome {
  std::vector<std::string> problems;  // empty: everything held
  uint64_t trace_hash = 0;            // of all that crossed the network
  int64_t simulated_ms = 0;
  int64_t lost_connections = 0;
  int64_t freezes = 0;
  int64_t rebalances = 0;  // calls of a RebalanceListener
  int64_t rewinds = 0;
  int64_t read_again = 0;  // records that a member read after another had
};

/// Three producers, a group of three consumers and a broker, all of it real code, on one thread
/// without sockets, real time or real disk: messages are delayed, connections break, members leave
/// and come back or freeze, the group is moved back, as `seed` draws it. Takes milliseconds.
[[nodiscard]] Outcome simulate(uint64_t seed);

}  // namespace hailstorm::simulation
