#include "tests/simulation/simulation.h"

#include <algorithm>
#include <fmt/format.h>
#include <list>
#include <map>
#include <optional>

#include "tests/simulation/simulated_admin.h"
#include "tests/simulation/simulated_clients.h"

namespace hailstorm::simulation {
namespace {

constexpr int kProducers = 3;
constexpr int kConsumers = 3;
constexpr int kAttempts = 5;
constexpr int64_t kMostRewinds = 4;
constexpr int64_t kStepMs = 100;          // between two looks at the whole
constexpr int64_t kCalmAfterMs = 20'000;  // then connections do not break any more
constexpr int64_t kMaxSimulatedMs = 120'000;

NetworkFaults draw_faults(Chance& chance) {
  NetworkFaults faults;
  faults.max_delay_ms = chance.between(0, 30);
  if (!chance.one_in(4)) faults.lost_connection_in = chance.between(20, 200);
  return faults;
}

ConsumerFaults draw_consumer_faults(Chance& chance) {
  ConsumerFaults faults;
  if (chance.one_in(2)) faults.freezes_in = 100;
  return faults;
}

/// One run. Whatever events refer to lives until the end.
class Simulation {
 public:
  explicit Simulation(uint64_t seed)
      : chance_(seed),
        network_(schedule_, chance_, trace_, draw_faults(chance_)),
        broker_(schedule_, chance_,
                [this](SimulatedBroker::PeerNumber peer, const log::hail::Message& message) {
                  network_.send_to_client(peer, message);
                }),
        admin_client_(schedule_, chance_, network_) {}

  Outcome run() {
    network_.attach(broker_);
    create_topic();
    for (int i = 0; i < kProducers; ++i)
      producers_.emplace_back(schedule_, chance_, network_, ledger_, fmt::format("p{}", i));
    const ConsumerFaults faults = draw_consumer_faults(chance_);
    for (int i = 0; i < kConsumers; ++i)
      consumers_.emplace_back(schedule_, chance_, network_, ledger_, faults);
    const int64_t rewinds = chance_.one_in(2) ? chance_.between(1, kMostRewinds) : 0;
    rewinder_.emplace(schedule_, chance_, network_, ledger_, rewinds);
    const int64_t start_ms = schedule_.steady_ms();
    while (!is_finished() && schedule_.steady_ms() - start_ms < kMaxSimulatedMs) {
      run_for(kStepMs);
      if (schedule_.steady_ms() - start_ms > kCalmAfterMs) network_.calm_down();
    }
    if (!is_finished()) ledger_.problem("it does not end: " + ledger_.progress());
    ledger_.check_contents();
    Outcome outcome;
    for (const ConsumerActor& consumer : consumers_) {
      outcome.rebalances += consumer.rebalances();
      outcome.freezes += consumer.freezes();
    }
    outcome.rewinds = rewinder_->rewinds();
    rewinder_->stop();
    for (ConsumerActor& consumer : consumers_) consumer.stop();
    for (ProducerActor& producer : producers_) producer.stop();
    outcome.problems = ledger_.problems();
    outcome.read_again = ledger_.read_again();
    outcome.trace_hash = trace_.hash();
    outcome.simulated_ms = schedule_.steady_ms() - start_ms;
    outcome.lost_connections = network_.lost_connections();
    return outcome;
  }

 private:
  void create_topic() {
    log::TopicSettings settings;
    settings.partitions = 6;
    // A call does not notice that its connection is dead; the next one makes another.
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      const auto created = admin_client_.engine().make_admin()->create_topic(kTopic, settings);
      if (created.ok()) return;
    }
    ledger_.problem("the topic could not be created");
  }

  void run_for(int64_t duration_ms) {
    const int64_t until_ms = schedule_.steady_ms() + duration_ms;
    while (schedule_.next_ms() <= until_ms) schedule_.run_next();
    schedule_.advance_to(until_ms);
    check_owners();
  }

  [[nodiscard]] bool is_finished() const {
    const bool all_sent = std::all_of(producers_.begin(), producers_.end(),
                                      [](const auto& producer) { return producer.is_done(); });
    return all_sent && ledger_.is_complete();
  }

  /// Of the coordinator: no partition belongs to two members.
  void check_owners() {
    std::map<wire::TopicPartition, std::string> owners;
    for (const wire::GroupMember& member : broker_.describe(kGroup).members) {
      for (const wire::TopicPartition& id : member.assigned) {
        const auto [owner, is_first] = owners.emplace(id, member.member_id);
        if (is_first) continue;
        ledger_.problem(fmt::format("partition {} is owned by {} and {}", id.partition,
                                    owner->second, member.member_id));
      }
    }
  }

  Schedule schedule_;
  Chance chance_;
  Trace trace_;
  Ledger ledger_;
  SimulatedNetwork network_;
  SimulatedBroker broker_;
  SimulatedClient admin_client_;
  std::list<ProducerActor> producers_;
  std::list<ConsumerActor> consumers_;
  std::optional<RewindActor> rewinder_;
};

}  // namespace

Outcome simulate(uint64_t seed) { return Simulation(seed).run(); }

}  // namespace hailstorm::simulation
