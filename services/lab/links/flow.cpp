#include "services/lab/links/flow.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

namespace hailstorm::lab {
namespace {

bool is_passing(int error) { return error == EAGAIN || error == EINTR; }

}  // namespace

int64_t Flow::arrival_us(int64_t now_us) {
  if (!faults_.latency) return now_us;
  const auto& latency = *faults_.latency;
  std::uniform_int_distribution<int64_t> jitter(-latency.jitter_us, latency.jitter_us);
  return now_us + std::max<int64_t>(0, latency.latency_us + jitter(random_));
}

Flow::Outcome Flow::carry(int from, int to, std::span<char> space, int64_t now_us) {
  if (!wants_input()) return send(to, now_us);
  const size_t room = std::min(space.size(), queue_.room());
  const ssize_t received = ::recv(from, space.data(), room, MSG_DONTWAIT);
  if (received < 0) return is_passing(errno) ? Outcome::going_on : Outcome::broken;
  std::string_view bytes(space.data(), static_cast<size_t>(received));
  if (received == 0) {
    input_ended_ = true;
    end_due_us_ = arrival_us(now_us);
  } else if (queue_.is_empty() && !faults_.is_any_on()) {
    // The usual case: nothing is kept, nothing is copied once more.
    const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && !is_passing(errno)) return Outcome::broken;
    if (sent > 0) bytes.remove_prefix(static_cast<size_t>(sent));
    if (bytes.empty()) return Outcome::going_on;
  }
  queue_.push(bytes, arrival_us(now_us));
  return send(to, now_us);
}

Flow::Outcome Flow::send(int to, int64_t now_us) {
  wants_room_ = false;
  due_us_ = kNeverUs;
  if (faults_.timeout) return Outcome::going_on;
  // What waits when the delay is switched off is late enough.
  queue_.release(faults_.latency ? now_us : kNeverUs);
  const Outcome outcome = send_ready(to, now_us);
  if (outcome != Outcome::going_on || wants_room_) return outcome;
  due_us_ = std::min(due_us_, queue_.next_due_us());
  if (input_ended_ && queue_.is_empty()) carry_end(to, now_us);
  return outcome;
}

Flow::Outcome Flow::send_ready(int to, int64_t now_us) {
  while (!queue_.ready().empty()) {
    const auto allowed = gate_.allow(faults_, queue_.ready().size(), now_us);
    if (allowed.bytes == 0) {
      due_us_ = allowed.again_us;
      return Outcome::going_on;
    }
    const ssize_t sent =
        ::send(to, queue_.ready().data(), allowed.bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      wants_room_ = is_passing(errno);
      return wants_room_ ? Outcome::going_on : Outcome::broken;
    }
    queue_.pop(static_cast<size_t>(sent));
    gate_.note_sent(faults_, static_cast<size_t>(sent), now_us);
    if (gate_.is_used_up(faults_)) return Outcome::used_up;
  }
  return Outcome::going_on;
}

void Flow::carry_end(int to, int64_t now_us) {
  if (output_ended_) return;
  if (faults_.latency && now_us < end_due_us_) {
    due_us_ = end_due_us_;
    return;
  }
  ::shutdown(to, SHUT_WR);
  output_ended_ = true;
}

}  // namespace hailstorm::lab
