#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/events/events.h"
#include "common/events/lane.h"
#include "services/lab/audit/answers.h"
#include "services/lab/views/ride_progress.h"
#include "services/lab/views/store_tail.h"

namespace hailstorm::lab {

/// What is known of one ride that changed since the last look.
struct RideChange {
  std::string ride_id;
  events::Lane lane = events::Lane::log;
  std::string_view state;
  std::optional<events::GeoPoint> pickup = {};
  int64_t asked_at_ms = 0;  // since 1970; 0: not known
  HopSet waits_for = {};
  std::optional<events::GeoPoint> driver = {};  // where the one that was sent stood, once known
  std::string_view failed_hop = {};
};

/// How many rides wait for each service.
using HopCounts = std::array<int64_t, kHops>;

/// An event of the log lane that analytics has counted.
struct CountedEvent {
  std::string zone;
  Kind kind = Kind::ride_requested;
};

/// Watches rides through the stores: the gateway's rows say which rides there are and where they
/// begin, those of matching and payment what was decided, and a ride is settled when the
/// notification's store has its three messages and that of analytics its three counts, which are
/// the last effects of every ride. Bounded: of rides that never settle the oldest are forgotten.
///
/// Thread safety: not safe.
class RideWatch {
 public:
  static constexpr size_t kMaxRides = 20'000;  // under way
  static constexpr size_t kMaxChanges = 200;

  explicit RideWatch(const std::filesystem::path& data);

  /// What a rider was answered. Only an error is news: all else is in the stores.
  void note(const Answer& answer);

  template <class T>
  using PerLane = std::array<T, events::kLanes.size()>;
  struct News {
    std::vector<RideChange> changes;  // the newest kMaxChanges
    PerLane<int64_t> settled{};
    PerLane<HopCounts> waiting{};       // now
    std::vector<CountedEvent> counted;  // at most StoreTail::kMaxRows
  };
  [[nodiscard]] News look();

 private:
  struct Ride : RideProgress {
    bool is_changed = false;  // since the last look
    // As it was reported for the last time:
    std::string_view reported_state;
    HopSet reported_waits;
    bool is_driver_reported = false;
  };
  using Key = std::pair<events::Lane, std::string>;

  Ride& change(Key key);
  void read_stores(News& news);
  void read_decisions();
  void note_effect(const store::Row& row, KindSet RideProgress::*effects);
  void count(events::Lane lane, const HopSet& before, const HopSet& after);
  void add_change(const Key& key, News& news);
  void forget(const Key& key);

  StoreTail accepted_;
  StoreTail matched_;
  StoreTail paid_;
  StoreTail messages_;
  StoreTail counted_;
  std::map<Key, Ride> rides_;
  std::deque<Key> by_age_;
  std::vector<Key> changed_;
  PerLane<HopCounts> waiting_{};
};

}  // namespace hailstorm::lab
