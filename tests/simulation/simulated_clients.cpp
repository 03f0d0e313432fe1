#include "tests/simulation/simulated_clients.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace hailstorm::simulation {
namespace {

constexpr int64_t kMaxStartMs = 1'500;
constexpr int32_t kSessionMs = 2'000;
constexpr int64_t kMaxThreadDelayMs = 1;  // between a reason to run and the thread's run

}  // namespace

SimulatedClient::SimulatedClient(Schedule& schedule, Chance& chance, SimulatedNetwork& network)
    : schedule_(schedule),
      chance_(chance),
      ids_(chance.number()),
      runs_(schedule, [this] { run_loops(); }),
      transport_(network.make_transport(
          [this] { runs_.run_by(schedule_.steady_ms() + chance_.between(0, kMaxThreadDelayMs)); })),
      engine_(log::hail::open_engine(log::hail::Environment{
          *transport_, schedule_, [this] { return ids_.uuid(); }, &loops_})) {}

void SimulatedClient::run_loops() {
  if (schedule_.steady_ms() < frozen_until_ms_) return runs_.run_by(frozen_until_ms_);
  loops_.run_once();
  runs_.run_by(std::max(loops_.next_run_ms(), schedule_.steady_ms() + 1));
}

ProducerActor::ProducerActor(Schedule& schedule, Chance& chance, SimulatedNetwork& network,
                             Ledger& ledger, std::string name)
    : schedule_(schedule),
      chance_(chance),
      ledger_(ledger),
      client_(schedule, chance, network),
      name_(std::move(name)),
      left_(chance.between(40, 120)),
      steps_(schedule, [this] { step(); }) {
  log::ProducerOptions options;
  options.linger_ms = static_cast<int32_t>(chance.between(0, 5));
  options.max_unacknowledged_records = chance.between(1, 40);
  producer_ = client_.engine().make_producer(options);
  steps_.run_by(schedule.steady_ms() + chance.between(0, kMaxStartMs));
}

void ProducerActor::step() {
  for (int64_t count = std::min(left_, chance_.between(1, 6)); count > 0; --count, --left_) {
    const std::string value = fmt::format("{}/{}", name_, left_);
    log::Record record;
    record.value = value;
    if (chance_.one_in(2)) record.key = fmt::format("ride-{}", chance_.between(0, 9));
    ledger_.sent();
    const Status sent = producer_->send(kTopic, std::move(record),
                                        [this, value](const Result<log::Delivery>& delivery) {
                                          ledger_.reported(value, delivery);
                                        });
    if (!sent.ok()) ledger_.problem("send: " + sent.error().message());
  }
  if (left_ > 0) steps_.run_by(schedule_.steady_ms() + chance_.between(1, 250));
}

ConsumerActor::ConsumerActor(Schedule& schedule, Chance& chance, SimulatedNetwork& network,
                             Ledger& ledger, ConsumerFaults faults)
    : schedule_(schedule),
      chance_(chance),
      ledger_(ledger),
      client_(schedule, chance, network),
      faults_(faults),
      steps_(schedule, [this] { step(); }) {
  steps_.run_by(schedule.steady_ms() + chance.between(0, kMaxStartMs));
}

void ConsumerActor::stop() {
  is_stopped_ = true;
  consumer_.reset();
}

void ConsumerActor::join() {
  log::ConsumerOptions options;
  options.group = kGroup;
  options.session_timeout_ms = kSessionMs;
  options.max_poll_records = static_cast<int32_t>(chance_.between(1, 50));
  consumer_ = client_.engine().make_consumer(options);
  const auto forget = [this](const std::vector<log::TopicPartition>& ids) {
    ++rebalances_;
    // What was read of these is not this member's to commit any more.
    for (const auto& id : ids)
      std::erase_if(last_read_, [&](const log::Position& position) { return position.id == id; });
  };
  consumer_->subscribe({kTopic},
                       {.revoked = forget, .assigned = [this](const auto&) { ++rebalances_; }});
}

void ConsumerActor::step() {
  if (is_stopped_) return;
  int64_t next_ms = chance_.between(1, 60);
  if (consumer_ == nullptr) {
    join();
  } else if (chance_.one_in(faults_.leaves_in)) {
    leave();
  } else {
    poll();
  }
  if (faults_.freezes_in > 0 && chance_.one_in(faults_.freezes_in)) {
    ++freezes_;
    next_ms = chance_.between(1, 2 * kSessionMs);
    client_.freeze_until(schedule_.steady_ms() + next_ms);
  }
  if (!is_stopped_) steps_.run_by(schedule_.steady_ms() + next_ms);
}

/// What was read is committed when commit() returned, so that nobody reads it again.
void ConsumerActor::leave() {
  if (!last_read_.empty()) check(consumer_->commit(last_read_));
  last_read_.clear();
  consumer_.reset();
}

void ConsumerActor::poll() {
  auto polled = consumer_->poll(static_cast<int>(chance_.between(0, 200)));
  if (!polled.ok()) {
    const Error& error = polled.error();
    if (!error.is(log::LogErrc::unavailable) && !error.is(log::LogErrc::fenced))
      ledger_.problem("poll: " + error.message());
    return;
  }
  std::map<log::TopicPartition, log::Position> positions;
  for (const log::ConsumedRecord& record : *polled) {
    ledger_.read(record);
    const log::TopicPartition id{record.topic, record.partition};
    positions[id] = {id, record.next_offset(), record.topic_id};
  }
  if (positions.empty()) return;
  last_read_.clear();
  for (auto& [id, position] : positions) last_read_.push_back(std::move(position));
  if (chance_.one_in(4)) return check(consumer_->commit(last_read_));
  consumer_->commit_soon(last_read_);
}

void ConsumerActor::check(const Status& committed) {
  if (!committed.ok() && !committed.error().is(log::LogErrc::fenced) &&
      !committed.error().is(log::LogErrc::unknown_outcome))
    ledger_.problem("commit: " + committed.error().message());
}

}  // namespace hailstorm::simulation
