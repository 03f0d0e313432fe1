#include "tests/support/flood.h"

#include <condition_variable>
#include <mutex>

#include "common/base/process.h"

namespace hailstorm::testing {

void Flood::start(int port) {
  constexpr uint64_t kAsManyAsMayBe = 1 << 20;
  raise_open_files(kAsManyAsMayBe);
  for (size_t i = 0; i < kind_.peers; ++i) {
    peers_.push_back(kind_.make_peer(port));
    peers_.back()->poke();
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Flood::stop() {
  thread_ = {};
  peers_.clear();
}

void Flood::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  auto next = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    next = std::max(next + kind_.every, std::chrono::steady_clock::now());
    changed.wait_until(lock, stop, next, [] { return false; });
    for (auto& peer : peers_) {
      if (stop.stop_requested()) return;
      peer->poke();
    }
  }
}

}  // namespace hailstorm::testing
