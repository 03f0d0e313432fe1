#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "broker/partition/topic_store.h"
#include "common/base/clock.h"
#include "common/wire/messages.h"

namespace hailstorm::broker {

/// Keeps the last of the disk from producers, for what must go on when it is full: the offsets that
/// groups commit and the settings. As soon as there is more room, producers have it again.
///
/// Thread safety: not safe; the broker's thread owns it. The references must remain live while it
/// is in use.
class DiskReserve {
 public:
  /// Keeps `max_bytes`, but at most a twentieth of the disk.
  DiskReserve(const TopicStore& topics, const Clock& clock, int64_t max_bytes)
      : topics_(topics), clock_(clock), max_bytes_(static_cast<uint64_t>(max_bytes)) {}

  /// Takes room for a write of so many bytes; false: only the reserve is left. Looks at the disk
  /// itself when what it saw last is 50 ms old or used up.
  [[nodiscard]] bool has_room(size_t bytes);
  /// The disk itself refused a write, whatever room it shows: a quota, a limit of a file's size.
  void note_refusal() { refused_at_ms_ = clock_.steady_ms(); }
  /// True while producers get no room: from a refusal on, until there is room for what was refused,
  /// and while there is none at all. Looks at the disk.
  [[nodiscard]] bool is_low();
  /// What has_room() refuses with.
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
