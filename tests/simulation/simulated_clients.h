#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/log/hailstorm/engine.h"
#include "common/log/hailstorm/event_loop.h"
#include "tests/simulation/chance.h"
#include "tests/simulation/ledger.h"
#include "tests/simulation/schedule.h"
#include "tests/simulation/simulated_network.h"

namespace hailstorm::simulation {

inline constexpr const char* kTopic = "rides";
inline constexpr const char* kGroup = "payment";

/// A client process: its engine, whose background work happens as events.
///
/// Thread safety: not safe. It must outlive the events of `schedule`.
class SimulatedClient {
 public:
  SimulatedClient(Schedule& schedule, Chance& chance, SimulatedNetwork& network);

  [[nodiscard]] log::Engine& engine() { return *engine_; }

  /// As after SIGSTOP: nothing of it runs until then.
  void freeze_until(int64_t time_ms) { frozen_until_ms_ = time_ms; }

 private:
  void run_loops();

  Schedule& schedule_;
  Chance& chance_;
  int64_t frozen_until_ms_ = 0;
  IdGenerator ids_;
  log::hail::ManualLoops loops_;
  Timer runs_;
  std::unique_ptr<log::hail::Transport> transport_;
  std::unique_ptr<log::Engine> engine_;
};

/// Sends records now and then until all of its own are sent.
///
/// Thread safety: as SimulatedClient.
class ProducerActor {
 public:
  ProducerActor(Schedule& schedule, Chance& chance, SimulatedNetwork& network, Ledger& ledger,
                std::string name);

  [[nodiscard]] bool is_done() const { return left_ == 0; }
  void stop() { producer_.reset(); }

 private:
  void step();

  Schedule& schedule_;
  Chance& chance_;
  Ledger& ledger_;
  SimulatedClient client_;
  std::unique_ptr<log::Producer> producer_;
  std::string name_;
  int64_t left_;
  Timer steps_;
};

/// How often one poll of a consumer is followed by trouble; 0: never.
struct ConsumerFaults {
  int64_t leaves_in = 40;
  int64_t freezes_in = 0;  // for longer than its session lasts
};

/// Polls and commits as a member of the group. Now and then it leaves and comes back.
///
/// Thread safety: as SimulatedClient.
class ConsumerActor {
 public:
  ConsumerActor(Schedule& schedule, Chance& chance, SimulatedNetwork& network, Ledger& ledger,
                ConsumerFaults faults);

  void stop();
  [[nodiscard]] int64_t rebalances() const { return rebalances_; }
  [[nodiscard]] int64_t freezes() const { return freezes_; }

 private:
  void step();
  void join();
  void leave();
  void poll();
  void check(const Status& committed);

  Schedule& schedule_;
  Chance& chance_;
  Ledger& ledger_;
  SimulatedClient client_;
  std::unique_ptr<log::Consumer> consumer_;
  const ConsumerFaults faults_;
  std::vector<log::Position> last_read_;
  bool is_stopped_ = false;
  int64_t rebalances_ = 0;
  int64_t freezes_ = 0;
  Timer steps_;
};

}  // namespace hailstorm::simulation
