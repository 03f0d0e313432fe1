#include "services/lab/views/ride_watch.h"

#include <utility>

namespace hailstorm::lab {
namespace {

bool has_all(const KindSet& effects) {
  return effects.has(Kind::ride_requested) &&
         (effects.has(Kind::ride_matched) || effects.has(Kind::ride_unmatched)) &&
         (effects.has(Kind::payment_authorized) || effects.has(Kind::payment_declined));
}

std::filesystem::path store_of(const std::filesystem::path& data, const std::string& service) {
  return data / service / (service + ".db");
}

events::Lane lane_of(const store::Row& row, int column) {
  return events::lane_named(row.text(column)).value_or(events::Lane::log);
}

}  // namespace

std::string_view RideWatch::Ride::state() const {
  if (has_all(messages) && has_all(counts)) return "settled";
  if (messages.has(Kind::payment_declined)) return "declined";
  if (messages.has(Kind::ride_unmatched)) return "unmatched";
  const bool is_matched = messages.has(Kind::ride_matched);
  const bool is_authorized = messages.has(Kind::payment_authorized);
  if (is_matched && is_authorized) return "confirmed";
  if (is_matched) return "matched";
  return is_authorized ? "authorized" : "requested";
}

RideWatch::RideWatch(const std::filesystem::path& data)
    : accepted_(store_of(data, "gateway"), "rides", "lane, ride_id, pickup_lon, pickup_lat"),
      messages_(store_of(data, "notification"), "messages", "lane, ride_id, kind"),
      counted_(store_of(data, "analytics"), "counted", "lane, ride_id, kind") {}

RideWatch::Ride& RideWatch::change(Key key) {
  const auto [at, is_new] = rides_.try_emplace(key);
  if (is_new) by_age_.push_back(key);
  if (!std::exchange(at->second.is_changed, true)) changed_.push_back(std::move(key));
  return at->second;
}

void RideWatch::note_effect(const store::Row& row, KindSet Ride::*effects) {
  const auto kind = kind_of(row.text(3));
  if (kind) (change({lane_of(row, 1), row.text(2)}).*effects).add(*kind);
}

void RideWatch::read_stores() {
  accepted_.read_new([this](const store::Row& row) {
    Ride& ride = change({lane_of(row, 1), row.text(2)});
    ride.is_accepted = true;
    ride.lon = row.real(3);
    ride.lat = row.real(4);
  });
  messages_.read_new([this](const store::Row& row) { note_effect(row, &Ride::messages); });
  counted_.read_new([this](const store::Row& row) { note_effect(row, &Ride::counts); });
}

RideWatch::News RideWatch::look() {
  read_stores();
  News news;
  for (const Key& key : std::exchange(changed_, {})) {
    const auto at = rides_.find(key);
    Ride& ride = at->second;
    ride.is_changed = false;
    // A ride of the chain is in the gateway's store only when all else is done.
    if (!ride.is_accepted) continue;
    const std::string_view state = ride.state();
    news.changes.push_back({key.second, key.first, state, ride.lon, ride.lat});
    if (state != "settled") continue;
    ++news.settled[static_cast<size_t>(key.first)];
    rides_.erase(at);
  }
  while (by_age_.size() > kMaxRides) {
    rides_.erase(by_age_.front());
    by_age_.pop_front();
  }
  if (news.changes.size() > kMaxChanges) {
    news.changes.erase(news.changes.begin(), news.changes.end() - kMaxChanges);
  }
  return news;
}

}  // namespace hailstorm::lab
