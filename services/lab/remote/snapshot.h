#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"
#include "services/lab/faults/fault.h"

namespace hailstorm::lab {

/// What a frame says of one process.
struct SeenProcess {
  std::string state;  // running, frozen, exited, slow, unknown
  bool ready = false;
  double rate = 0;  // events per second
  int64_t lag = 0;  // records
  double lag_s = 0;
  int64_t outbox = 0;
  int64_t dead_letters = 0;

  [[nodiscard]] bool works() const { return ready && (state == "running" || state == "slow"); }
};

/// What a frame says of one lane. Counts are since the lab began.
struct SeenLane {
  int64_t requested = 0;
  int64_t accepted = 0;
  int64_t failed = 0;
  int64_t settled = 0;
  double p50_ms = 0;  // of the last seconds
  double p99_ms = 0;
};

/// A frame of the lab, as far as its clients need it. Thread safety: a value.
struct Snapshot {
  int64_t seq = 0;
  int64_t t_ms = 0;  // since 1970
  std::map<std::string, SeenProcess> processes;
  std::map<std::string, SeenLane> lanes;
  std::vector<FaultState> faults;
  double rides_per_second = 0;  // that the riders are asked for

  /// Every process does its work, and no group and no outbox has anything left.
  [[nodiscard]] bool is_quiet() const;
  [[nodiscard]] int64_t lag() const;
};

/// Errors bad_member: names what is missing.
[[nodiscard]] Result<Snapshot> snapshot_of(const json::Value& frame);

}  // namespace hailstorm::lab
