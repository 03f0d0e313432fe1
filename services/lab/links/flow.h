#pragma once

#include <cstdint>
#include <random>
#include <span>

#include "services/lab/links/byte_queue.h"
#include "services/lab/links/flow_faults.h"
#include "services/lab/links/gate.h"

namespace hailstorm::lab {

/// One direction of a relayed connection: takes bytes from one socket, and sends them on as the
/// faults of this direction let it. What it holds is bounded: when it is full it receives nothing.
///
/// Thread safety: not safe.
class Flow {
 public:
  /// `faults` must remain live while this is in use; they may change between calls. `seed`: of what
  /// is drawn.
  Flow(const FlowFaults& faults, uint64_t seed)
      : faults_(faults), random_(random_of(seed)), gate_(seed + 1) {}

  enum class Outcome {
    going_on,
    broken,   // one of the sockets has failed
    used_up,  // limit_data lets nothing more through
  };
  /// Receives what is there, at most as much as `space` holds, and sends what may go.
  [[nodiscard]] Outcome carry(int from, int to, std::span<char> space, int64_t now_us);
  /// Sends what may go, of what it holds.
  [[nodiscard]] Outcome send(int to, int64_t now_us);

  [[nodiscard]] bool wants_input() const {
    return !input_ended_ && !faults_.timeout && queue_.room() > 0;
  }
  /// It has bytes that the receiver has no room for.
  [[nodiscard]] bool wants_room() const { return wants_room_; }
  /// When to call send() again, without any event.
  [[nodiscard]] int64_t due_us() const { return due_us_; }
  /// The end was carried on as well.
  [[nodiscard]] bool is_over() const { return output_ended_; }

 private:
  [[nodiscard]] Outcome send_ready(int to, int64_t now_us);
  void carry_end(int to, int64_t now_us);
  [[nodiscard]] int64_t arrival_us(int64_t now_us);

  const FlowFaults& faults_;
  std::minstd_rand random_;
  Gate gate_;
  ByteQueue queue_;
  int64_t end_due_us_ = 0;
  int64_t due_us_ = kNeverUs;
  bool wants_room_ = false;
  bool input_ended_ = false;
  bool output_ended_ = false;
};

}  // namespace hailstorm::lab
