#include "services/traffic/sender.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "common/base/thread_pool.h"
#include "common/http/client.h"
#include "services/traffic/answer.h"

namespace hailstorm::traffic {
namespace {

// Together fewer than the connections that the gateway serves at a time, so that others find one.
// The chain needs more: its riders wait for every hop.
constexpr size_t kMaxLogRiders = 160;
constexpr size_t kMaxChainRiders = 320;
constexpr auto kRetryAfter = std::chrono::milliseconds(50);

/// Until `due_us` (steady), or false at once when a stop is requested.
bool wait_until(int64_t due_us, const Clock& clock, const StopSignal& stop) {
  for (;;) {
    const int64_t left_us = due_us - clock.steady_us();
    if (left_us <= 0) return !stop.requested();
    if (left_us < 1000) {
      std::this_thread::sleep_for(std::chrono::microseconds(left_us));
    } else if (stop.wait_for(static_cast<int>(left_us / 1000))) {
      return false;
    }
  }
}

bool is_final(const Result<http::Response>& reply) { return reply.ok() && reply->status < 500; }

}  // namespace

struct Sender::RiderPool {
  RiderPool(const SenderSettings& settings, events::Lane riders_lane)
      : lane(riders_lane),
        path(lane == events::Lane::chain ? "/chain/rides" : "/rides"),
        client(settings.gateway, settings.timeout_ms),
        threads(lane == events::Lane::chain ? kMaxChainRiders : kMaxLogRiders) {}

  const events::Lane lane;
  const std::string path;
  http::Client client;
  GrowingThreadPool threads;
};

/// One ride on its way to all lanes.
struct Sender::Ride {
  int64_t index;
  int64_t due_us;
  std::string rider_id;
  std::string key;
  std::string body;
};

Sender::Sender(SenderSettings settings, AnswersFile& answers, const Clock& clock)
    : settings_(std::move(settings)), answers_(answers), clock_(clock) {
  for (const events::Lane lane : settings_.lanes) {
    riders_.push_back(std::make_unique<RiderPool>(settings_, lane));
  }
}

Sender::~Sender() = default;

Totals Sender::run(const std::vector<city::Trip>& trips, const Schedule& schedule,
                   const StopSignal& stop) {
  Totals totals;
  const int64_t start_us = clock_.steady_us();
  for (size_t i = 0; i < trips.size(); ++i) {
    const city::Trip& trip = trips[i];
    const auto count = static_cast<int64_t>(i);
    const int64_t index = settings_.first_ride + count;
    const int64_t due_us = start_us + schedule.due_us(count, trip.requested_at_ms);
    const auto ride = std::make_shared<const Ride>(Ride{
        index, due_us, trip.rider_id, idempotency_key(settings_.seed, index), ride_body(trip)});
    if (!wait_until(due_us, clock_, stop)) break;
    for (const auto& riders : riders_) {
      const bool has_rider =
          riders->threads.enqueue([this, one = riders.get(), ride] { send_one(*one, *ride); });
      if (!has_rider) ++unanswered_;
    }
    totals.max_late_ms =
        std::max(totals.max_late_ms, static_cast<double>(clock_.steady_us() - due_us) / 1e3);
  }
  stopped_ = stop.requested();
  for (const auto& riders : riders_) riders->threads.shutdown();
  totals.accepted = accepted_;
  totals.refused = refused_;
  totals.unanswered = unanswered_;
  totals.sent = totals.accepted + totals.refused + totals.unanswered;
  return totals;
}

void Sender::send_one(RiderPool& riders, const Ride& ride) {
  if (stopped_) return;
  Answer answer{.act = settings_.act,
                .index = ride.index,
                .lane = riders.lane,
                .ride_id = events::ride_id_for(ride.rider_id, ride.key),
                .rider_id = ride.rider_id,
                .status = 0,
                .latency_ms = 0,
                .late_ms = static_cast<double>(clock_.steady_us() - ride.due_us) / 1e3,
                .sent_at_ms = clock_.wall_ms(),
                .failed_hop = {}};
  const http::Headers headers = {{"Idempotency-Key", ride.key}};
  auto reply = riders.client.post(riders.path, ride.body, headers);
  for (int64_t again = 0; again < settings_.retries && !is_final(reply) && !stopped_; ++again) {
    std::this_thread::sleep_for(kRetryAfter);
    reply = riders.client.post(riders.path, ride.body, headers);
  }
  answer.latency_ms = static_cast<double>(clock_.steady_us() - ride.due_us) / 1e3;
  if (reply.ok()) {
    answer.status = reply->status;
    if (reply->status >= 300) answer.failed_hop = failed_hop_of(reply->body);
  }
  answers_.append(to_line(answer));
  auto& total = !reply.ok() ? unanswered_ : answer.accepted() ? accepted_ : refused_;
  ++total;
}

}  // namespace hailstorm::traffic
