#include "broker/server/event_loop.h"

#include <algorithm>
#include <new>
#include <utility>

#include "common/base/logging.h"

namespace hailstorm::broker {
namespace {

constexpr size_t kSyncThreads = 4;
constexpr int kMaxBurst = 512;              // steps between two looks at the disk's answers
constexpr size_t kMaxBurstBytes = 8 << 20;  // and their bytes: each look lets answers go out
constexpr int64_t kMaxBurstMs = 2;          // and their work: bounds how long a small request waits
constexpr int64_t kMaxWaitMs = 100;         // how late a stop signal may be noticed
constexpr int64_t kDrainMs = 10'000;
constexpr int64_t kLingerMs = 500;

}  // namespace

EventLoop::EventLoop(Poller& poller, std::vector<Transport*> transports, Broker& broker,
                     const Clock& clock)
    : poller_(poller),
      transports_(std::move(transports)),
      broker_(broker),
      clock_(clock),
      syncs_(kSyncThreads, [&poller] { poller.wake(); }) {}

void EventLoop::run(const StopSignal& stop) {
  while (!stop.requested()) pass();
  drain();
  linger();
}

void EventLoop::pass() {
  survive([this] { wait(broker_.next_due_ms() - clock_.steady_ms(), broker_.wants_requests()); });
  survive([this] { take_finished_syncs(); });
  survive([this] { take_requests(); });
  survive([this] { broker_.tick(); });
  survive([this] { syncs_.submit(broker_.end_burst()); });
  survive([this] { compact(); });
}

/// Memory that runs out ends a piece of work, not the broker.
template <class Work>
void EventLoop::survive(Work&& work) {
  try {
    work();
  } catch (const std::bad_alloc&) {
    log_error("there is no memory for a piece of work; it is left out");
  }
}

/// Sends what the last pass answered, and waits for an event.
void EventLoop::wait(int64_t timeout_ms, bool for_requests) {
  timeout_ms = std::clamp<int64_t>(timeout_ms, 0, kMaxWaitMs);
  flush();
  for (const Transport* transport : transports_) {
    timeout_ms = std::min(timeout_ms, transport->max_wait_ms());
    if (for_requests && transport->has_input()) timeout_ms = 0;
  }
  poller_.wait(static_cast<int>(timeout_ms));
  for (Transport* transport : transports_) transport->tick();
}

/// One step of each transport in turn, so that none waits for a burst of another.
void EventLoop::take_requests() {
  const int64_t end_ms = clock_.steady_ms() + kMaxBurstMs;
  size_t bytes = 0;
  size_t idle = 0;  // transports in a row that had nothing
  for (int i = 0; i < kMaxBurst && bytes < kMaxBurstBytes && broker_.wants_requests(); ++i) {
    first_ = (first_ + 1) % transports_.size();
    const auto received = transports_[first_]->receive(broker_);
    bytes += received.value_or(0);
    idle = received ? 0 : idle + 1;
    if (idle == transports_.size() || clock_.steady_ms() > end_ms) return;
  }
}

void EventLoop::compact() {
  if (auto* const step = broker_.next_compaction_step()) syncs_.submit([step] { step->run(); });
}

void EventLoop::take_finished_syncs() {
  for (Partition* partition : syncs_.take_finished()) broker_.finish_sync(*partition);
}

void EventLoop::flush() {
  for (Transport* transport : transports_) transport->flush();
}

void EventLoop::drain() {
  const int64_t deadline_ms = clock_.steady_ms() + kDrainMs;
  syncs_.submit(broker_.shut_down());
  while (broker_.busy() && clock_.steady_ms() < deadline_ms) {
    wait(kMaxWaitMs, false);
    take_finished_syncs();
    syncs_.submit(broker_.shut_down());
  }
  for (Transport* transport : transports_) transport->close();
}

/// Gives the last answers a moment to go out.
void EventLoop::linger() {
  const int64_t deadline_ms = clock_.steady_ms() + kLingerMs;
  const auto has_unread = [](const Transport* transport) { return transport->unread_bytes() > 0; };
  flush();
  while (std::ranges::any_of(transports_, has_unread) && clock_.steady_ms() < deadline_ms)
    poller_.wait(static_cast<int>(deadline_ms - clock_.steady_ms()));
}

}  // namespace hailstorm::broker
