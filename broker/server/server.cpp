#include "broker/server/server.h"

#include <algorithm>
#include <exception>
#include <new>

#include "common/base/logging.h"

namespace hailstorm::broker {
namespace {

constexpr size_t kSyncThreads = 4;
constexpr int kMaxBurst = 512;              // messages between two looks at the disk's answers
constexpr size_t kMaxBurstBytes = 8 << 20;  // and their bytes: each look lets answers go out
constexpr int64_t kMaxBurstMs = 2;          // and their work: who asks for little waits for few
constexpr int64_t kMaxWaitMs = 100;         // how late a stop signal may be noticed
constexpr int64_t kDrainMs = 10'000;

}  // namespace

Server::Server(Router& router, Broker& broker, const Clock& clock)
    : router_(router),
      broker_(broker),
      clock_(clock),
      syncs_(kSyncThreads, [&router] { router.wake(); }) {}

void Server::take_requests() {
  size_t bytes = 0;
  const auto handle = [this, &bytes](const PeerId& peer, std::span<const MutableBytes> frames) {
    for (const MutableBytes frame : frames) bytes += frame.size();
    try {
      broker_.handle(peer, frames);
    } catch (const std::bad_alloc&) {
      broker_.refuse_for_memory(peer, frames);
    } catch (const std::exception& error) {
      log_error("a request failed in an unforeseen way", {{"what", error.what()}});
    }
  };
  const int64_t end_ms = clock_.steady_ms() + kMaxBurstMs;
  for (int i = 0; i < kMaxBurst && bytes < kMaxBurstBytes && broker_.wants_requests(); ++i) {
    if (!router_.receive(handle) || clock_.steady_ms() > end_ms) return;
  }
}

void Server::take_finished_syncs() {
  for (Partition* partition : syncs_.take_finished()) broker_.finish_sync(*partition);
}

/// Memory that runs out ends a piece of work, not the broker.
template <class Work>
void Server::survive(Work&& work) {
  try {
    work();
  } catch (const std::bad_alloc&) {
    log_error("there is no memory for a piece of work; it is left out");
  }
}

void Server::run(const StopSignal& stop) {
  while (!stop.requested()) {
    const int64_t due_in_ms = broker_.next_due_ms() - clock_.steady_ms();
    survive([&] {
      router_.wait(static_cast<int>(std::clamp<int64_t>(due_in_ms, 0, kMaxWaitMs)),
                   broker_.wants_requests());
    });
    survive([this] { take_finished_syncs(); });
    survive([this] { take_requests(); });
    survive([this] { broker_.tick(); });
    survive([this] { syncs_.submit(broker_.end_burst()); });
  }
  drain();
}

void Server::drain() {
  const int64_t deadline_ms = clock_.steady_ms() + kDrainMs;
  syncs_.submit(broker_.shut_down());
  while (broker_.busy() && clock_.steady_ms() < deadline_ms) {
    router_.wait(static_cast<int>(kMaxWaitMs), false);
    take_finished_syncs();
    syncs_.submit(broker_.shut_down());
  }
}

}  // namespace hailstorm::broker
