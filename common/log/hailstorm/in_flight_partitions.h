#pragma once

#include <cstdint>
#include <map>

#include "common/log/hailstorm/in_flight_batches.h"
#include "common/log/types.h"

namespace hailstorm::log::hail {

/// The batches of all partitions that one producer has under way.
///
/// Thread safety: not safe.
class InFlightPartitions {
 public:
  /// `codec`: how batches are compressed.
  explicit InFlightPartitions(compression::Codec codec) : codec_(codec) {}

  [[nodiscard]] InFlightBatches& operator[](const TopicPartition& id) {
    return partitions_.try_emplace(id, codec_).first->second;
  }
  [[nodiscard]] auto begin() { return partitions_.begin(); }
  [[nodiscard]] auto end() { return partitions_.end(); }

  [[nodiscard]] bool has_room(const TopicPartition& id) const;
  /// Some partition can go on only under a new identity.
  [[nodiscard]] bool need_restart() const;
  [[nodiscard]] bool are_fenced() const;
  /// No batch with a sequence waits for its answer.
  [[nodiscard]] bool are_quiet() const;
  /// A new identity is in use. REQUIRES: are_quiet().
  void restart();
  void on_connection_lost();

  /// As InFlightBatches::next_due_ms(), of all.
  [[nodiscard]] int64_t next_due_ms(bool may_begin) const;
  /// Of the oldest record under way; UINT64_MAX: none is.
  [[nodiscard]] uint64_t oldest_ticket() const;

 private:
  compression::Codec codec_;
  std::map<TopicPartition, InFlightBatches> partitions_;
};

}  // namespace hailstorm::log::hail
