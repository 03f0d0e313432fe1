#include "tests/bench/flood.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string_view>
#include <sys/resource.h>

#include "tests/support/raw_client.h"

namespace hailstorm::testing {
namespace {

constexpr std::string_view kRequest = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr auto kEvery = std::chrono::milliseconds(500);

void raise_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

enum class Manner { silent, slow, polite, half_closed };

}  // namespace

struct Flood::One {
  One(int to, Manner m) : port(to), manner(m) { connect(); }

  void connect() {
    client.emplace(port);
    sent = 0;
    if (manner == Manner::half_closed) client->send(kRequest).end_sending();
  }
  void poke() {
    if (!client->drain()) return connect();
    if (manner == Manner::polite) client->send(kRequest);
    if (manner == Manner::slow) client->send(kRequest.substr(sent++ % kRequest.size(), 1));
  }

  const int port;
  const Manner manner;
  std::optional<RawClient> client;
  size_t sent = 0;
};

Flood::Flood(int port, size_t connections) : port_(port) {
  raise_descriptors();
  for (size_t i = 0; i < connections; ++i) {
    all_.push_back(std::make_unique<One>(port_, static_cast<Manner>(i % 4)));
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Flood::~Flood() = default;

void Flood::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    for (auto& one : all_) one->poke();
    changed.wait_for(lock, stop, kEvery, [] { return false; });
  }
}

}  // namespace hailstorm::testing
