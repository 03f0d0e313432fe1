#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/events/lane.h"
#include "services/lab/audit/ride_facts.h"
#include "services/lab/views/store_tail.h"

namespace hailstorm::lab {

/// What became of one ride since the last look.
struct RideChange {
  std::string ride_id;
  events::Lane lane = events::Lane::log;
  std::string_view state;
  double lon = 0;
  double lat = 0;
};

/// Watches rides through the stores: the gateway's rows say which rides there are and where they
/// begin, and a ride is settled when the notification's store has its three messages and that of
/// analytics its three counts, which are the last effects of every ride. Bounded: of rides that
/// never settle the oldest are forgotten.
///
/// Thread safety: not safe.
class RideWatch {
 public:
  static constexpr size_t kMaxRides = 20'000;  // under way
  static constexpr size_t kMaxChanges = 200;

  explicit RideWatch(const std::filesystem::path& data);

  struct News {
    std::vector<RideChange> changes;  // the newest kMaxChanges
    std::array<int64_t, events::kLanes.size()> settled{};
  };
  [[nodiscard]] News look();

 private:
  struct Ride {
    bool is_accepted = false;  // the gateway has it: its place is known
    double lon = 0;
    double lat = 0;
    KindSet messages;
    KindSet counts;
    bool is_changed = false;  // since the last look
    [[nodiscard]] std::string_view state() const;
  };
  using Key = std::pair<events::Lane, std::string>;

  Ride& change(Key key);
  void read_stores();
  void note_effect(const store::Row& row, KindSet Ride::*effects);

  StoreTail accepted_;
  StoreTail messages_;
  StoreTail counted_;
  std::map<Key, Ride> rides_;
  std::deque<Key> by_age_;
  std::vector<Key> changed_;
};

}  // namespace hailstorm::lab
