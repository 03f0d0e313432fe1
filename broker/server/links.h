#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/server/broker_metrics.h"
#include "broker/server/descriptors.h"
#include "broker/server/link.h"
#include "common/http/listener.h"

namespace hailstorm::broker {

/// What peers may cost. The bounds on bytes hold over all of them together, each with a small part
/// that nobody can take from the others, so that those that behave go on.
struct PeerLimits {
  LinkLimits link;

  // A connection without bytes under way takes about 1 KiB.
  size_t max_connections = 2'048;
  // From the connection on, for the handshake. Where connections have run out, one second.
  int64_t handshake_ms = 5'000;
  // A peer without a sign of life is pinged, and then closed.
  int64_t ping_ms = 2'000;
  int64_t silence_ms = 8'000;
  // Where connections have run out, one that has sent no message for so long makes room.
  int64_t idle_ms = 10'000;

  // Of messages that are being received, besides the first 16 KiB of each connection's. Those that
  // find no room wait in their sockets. Where all wait for each other, one may go on beyond it.
  int64_t max_held_bytes = 16 << 20;
  // A peer that stops in the middle of a message for so long is closed while others need its room.
  int64_t stalled_ms = 500;

  int64_t peer_credit_bytes = 16 << 20;   // sent to one peer and not read by it
  int64_t total_credit_bytes = 24 << 20;  // to all of them; above it a peer has only the next
  int64_t reader_credit_bytes = 256 << 10;
  // To all of them at any time: above it the peer with the most of it is closed.
  int64_t max_unread_bytes = 32 << 20;
  // A peer that takes none of its answers for so long is closed while the credit is used up.
  int64_t unread_ms = 1'000;
};

/// The connections of all peers: takes new ones, counts what they hold, and closes those that are
/// over a limit. A link that is closed while one of its messages may be being handled is doomed
/// first, and goes with the next reap().
///
/// Thread safety: not safe.
class Links {
 public:
  /// `metrics`, and `descriptors` where it is not null, must remain live while this is in use.
  Links(const PeerLimits& limits, BrokerMetrics& metrics, Descriptors* descriptors,
        http::Listener listener);
  ~Links();
  Links(const Links&) = delete;
  Links& operator=(const Links&) = delete;

  [[nodiscard]] static PeerId id_of(uint64_t key);
  [[nodiscard]] static uint64_t key_of(const PeerId& id);

  [[nodiscard]] int port() const { return listener_.port(); }
  /// Null: it is not there, or doomed.
  [[nodiscard]] Link* find(uint64_t key) const;

  /// Until something comes, or wake() was called, or `timeout_ms` passed.
  void await(int timeout_ms);
  void wake();
  /// Takes new connections, and closes the ones that are over a limit.
  void sweep();
  /// Closes what was doomed, but for the link with this key.
  void reap(uint64_t but_for);

  /// Counts the link's bytes again. Call it after each use of the link.
  void recount(Link& link);
  void doom(Link& link);
  /// The same, counted and said by this name.
  void doom(Link& link, const char* reason, std::string_view why);

  /// What it sent is at fault: it is doomed, and counted.
  void refuse(Link& link);

  /// There may be bytes to receive.
  void make_ready(Link& link);
  /// The next one that may have bytes; null: none.
  [[nodiscard]] Link* take_ready();
  [[nodiscard]] bool has_ready() const { return accept_due_ || !ready_.empty(); }

  /// Bytes that may be received from this one now.
  [[nodiscard]] int64_t room_to_receive(const Link& link) const;
  /// It waits until there is room.
  void starve(Link& link);
  [[nodiscard]] bool has_starved() const { return !starved_.empty(); }
  /// There may be room.
  void feed_starved();

  /// Bytes that may be sent to this one now, with what it has not read yet.
  [[nodiscard]] int64_t credit_of(const Link& link) const;
  /// Closes the peers with the most unread bytes, until there is room for an answer of so many.
  void make_room_to_answer(int64_t bytes);
  /// The link has answers to send, by the next flush_dirty().
  void mark_dirty(Link& link);
  void flush_dirty();
  [[nodiscard]] int64_t unread_bytes() const { return total_unread_bytes_; }

 private:
  [[nodiscard]] bool watch(int fd, uint32_t events, uint64_t key) const;
  void take_event(Link& link, uint32_t events);
  [[nodiscard]] size_t max_connections() const;
  void accept_some();
  void meet(int fd);
  void make_room();
  void note_count();
  void count_refused();
  void close_stalled(int64_t now_ms);
  void close_unread(int64_t now_ms);
  void look_for_life(Link& link, int64_t now_ms);
  void flush(Link& link, int64_t now_ms);

  const PeerLimits limits_;
  BrokerMetrics& metrics_;
  Descriptors* const descriptors_;
  http::Listener listener_;
  int wake_fd_ = -1;
  int epoll_fd_ = -1;

  std::unordered_map<uint64_t, std::unique_ptr<Link>> links_;
  uint64_t next_key_;
  // Keys; of links that were closed since, too.
  std::deque<uint64_t> ready_;
  std::vector<uint64_t> dirty_;
  std::vector<uint64_t> starved_;
  std::vector<uint64_t> doomed_;
  int64_t total_held_bytes_ = 0;
  int64_t total_unread_bytes_ = 0;
  uint64_t other_protocols_ = 0;  // refused since they were counted
  uint64_t bad_handshakes_ = 0;
  uint64_t favoured_ = 0;  // may finish its message beyond the bound
  int64_t favoured_ms_ = 0;
  bool accept_due_ = false;
  int64_t sweep_due_ms_ = 0;
  int64_t silence_due_ms_ = 0;
  int64_t room_due_ms_ = 0;
};

}  // namespace hailstorm::broker
