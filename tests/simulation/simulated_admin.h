#pragma once

#include <cstdint>

#include "tests/simulation/simulated_clients.h"

namespace hailstorm::simulation {

/// Now and then moves the group back, in one of its partitions, while its members go on.
///
/// Thread safety: as SimulatedClient.
class RewindActor {
 public:
  /// `count`: how many times.
  RewindActor(Schedule& schedule, Chance& chance, SimulatedNetwork& network, Ledger& ledger,
              int64_t count);

  /// Of rewinds that were acknowledged.
  [[nodiscard]] int64_t rewinds() const { return rewinds_; }
  void stop() { left_ = 0; }

 private:
  void step();
  void rewind();

  Schedule& schedule_;
  Chance& chance_;
  Ledger& ledger_;
  SimulatedClient client_;
  int64_t left_;
  int64_t rewinds_ = 0;
  Timer steps_;
};

}  // namespace hailstorm::simulation
