#include "services/lab/views/ride_watch.h"

#include <utility>

namespace hailstorm::lab {
namespace {

std::filesystem::path store_of(const std::filesystem::path& data, const std::string& service) {
  return data / service / (service + ".db");
}

events::Lane lane_of(const store::Row& row, int column) {
  return events::lane_named(row.text(column)).value_or(events::Lane::log);
}

}  // namespace

RideWatch::RideWatch(const std::filesystem::path& data)
    : accepted_(store_of(data, "gateway"), "rides",
                "lane, ride_id, pickup_lat, pickup_lon, accepted_ms"),
      matched_(store_of(data, "matching"), "matches",
               "lane, ride_id, driver_id IS NOT NULL, start_lat, start_lon"),
      paid_(store_of(data, "payment"), "payments", "lane, ride_id, outcome = 'authorized'"),
      messages_(store_of(data, "notification"), "messages", "lane, ride_id, kind"),
      counted_(store_of(data, "analytics"), "counted", "lane, ride_id, kind, zone") {}

RideWatch::Ride& RideWatch::change(Key key) {
  const auto [at, is_new] = rides_.try_emplace(key);
  if (is_new) by_age_.push_back(key);
  if (!std::exchange(at->second.is_changed, true)) changed_.push_back(std::move(key));
  return at->second;
}

void RideWatch::note(const Answer& answer) {
  if (answer.accepted()) return;
  Ride& ride = change({answer.lane, answer.ride_id});
  ride.fail(answer.lane, answer.failed_hop);
  if (ride.asked_at_ms == 0) ride.asked_at_ms = answer.sent_at_ms;
}

void RideWatch::note_effect(const store::Row& row, KindSet RideProgress::*effects) {
  const auto kind = kind_of(row.text(3));
  if (kind) (change({lane_of(row, 1), row.text(2)}).*effects).add(*kind);
}

void RideWatch::read_decisions() {
  matched_.read_new([this](const store::Row& row) {
    Ride& ride = change({lane_of(row, 1), row.text(2)});
    const bool is_matched = row.integer(3) != 0;
    ride.decided.add(is_matched ? Kind::ride_matched : Kind::ride_unmatched);
    if (is_matched) ride.driver = events::GeoPoint{.lat = row.real(4), .lon = row.real(5)};
  });
  paid_.read_new([this](const store::Row& row) {
    change({lane_of(row, 1), row.text(2)})
        .decided.add(row.integer(3) != 0 ? Kind::payment_authorized : Kind::payment_declined);
  });
}

void RideWatch::read_stores(News& news) {
  accepted_.read_new([this](const store::Row& row) {
    Ride& ride = change({lane_of(row, 1), row.text(2)});
    ride.is_accepted = true;
    ride.pickup = events::GeoPoint{.lat = row.real(3), .lon = row.real(4)};
    ride.asked_at_ms = row.integer(5);
  });
  read_decisions();
  messages_.read_new([this](const store::Row& row) { note_effect(row, &RideProgress::messages); });
  counted_.read_new([&](const store::Row& row) {
    note_effect(row, &RideProgress::counts);
    const auto kind = kind_of(row.text(3));
    if (kind && lane_of(row, 1) == events::Lane::log) news.counted.push_back({row.text(4), *kind});
  });
}

void RideWatch::count(events::Lane lane, const HopSet& before, const HopSet& after) {
  HopCounts& counts = waiting_[static_cast<size_t>(lane)];
  for (size_t hop = 0; hop < kHops; ++hop) {
    counts[hop] += (after[hop] ? 1 : 0) - (before[hop] ? 1 : 0);
  }
}

void RideWatch::forget(const Key& key) {
  const auto at = rides_.find(key);
  if (at == rides_.end()) return;
  count(key.first, at->second.reported_waits, {});
  rides_.erase(at);
}

void RideWatch::add_change(const Key& key, News& news) {
  const events::Lane lane = key.first;
  Ride& ride = rides_.find(key)->second;
  ride.is_changed = false;
  if (!ride.is_shown(lane)) return;
  const std::string_view state = ride.state(lane);
  const HopSet waits = ride.waits_for(lane);
  const bool reports_driver =
      ride.driver && !std::exchange(ride.is_driver_reported, ride.driver.has_value());
  if (state == ride.reported_state && waits == ride.reported_waits && !reports_driver) return;
  count(lane, std::exchange(ride.reported_waits, waits), waits);
  ride.reported_state = state;
  news.changes.push_back({key.second, lane, state, ride.pickup, ride.asked_at_ms, waits,
                          ride.driver, ride.failed_hop});
  if (state != "settled") return;
  ++news.settled[static_cast<size_t>(lane)];
  forget(key);
}

RideWatch::News RideWatch::look() {
  News news;
  read_stores(news);
  for (const Key& key : std::exchange(changed_, {})) add_change(key, news);
  while (by_age_.size() > kMaxRides) {
    forget(by_age_.front());
    by_age_.pop_front();
  }
  if (news.changes.size() > kMaxChanges) {
    news.changes.erase(news.changes.begin(), news.changes.end() - kMaxChanges);
  }
  news.waiting = waiting_;
  return news;
}

}  // namespace hailstorm::lab
