#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "broker/partition/topic_store.h"
#include "common/base/clock.h"
#include "common/wire/messages.h"

namespace hailstorm::broker {

/// Keeps the last room on the disk for what must go on when it is full: the offsets that groups
/// commit, and the settings. Producers are refused then, until there is more room.
///
/// Thread safety: not safe; the broker's thread owns it. The references must remain live while it
/// is in use.
class DiskReserve {
 public:
  /// Keeps `max_bytes`, but at most a twentieth of the disk.
  DiskReserve(const TopicStore& topics, const Clock& clock, int64_t max_bytes)
      : topics_(topics), clock_(clock), max_bytes_(static_cast<uint64_t>(max_bytes)) {}

  /// Takes room for a write of this size; false: only the reserve is left. Asks the disk where its
  /// last answer is 50 ms old or used up.
  [[nodiscard]] bool has_room(size_t bytes);
  /// To be called when the disk refused a write although it shows room: a quota, a limit of a
  /// file's size.
  void note_refusal() { refused_at_ms_ = clock_.steady_ms(); }
  /// True while producers get no room: from a refusal until there is room for what was refused, and
  /// while there is none at all. Asks the disk.
  [[nodiscard]] bool is_low();
  /// The answer to a request for which has_room() is false.
  [[nodiscard]] wire::Outcome outcome() const;

 private:
  void look();

  const TopicStore& topics_;
  const Clock& clock_;
  const uint64_t max_bytes_;
  uint64_t budget_ = 0;
  int64_t look_due_ms_ = 0;
  std::optional<size_t> refused_bytes_;
  std::optional<int64_t> refused_at_ms_;
};

}  // namespace hailstorm::broker
