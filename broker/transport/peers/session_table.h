#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/api/broker_metrics.h"
#include "broker/transport/peers/peer_session.h"

namespace hailstorm::broker {

/// The connections of all peers, what they hold together, and which of them have something to
/// receive or to send. A session that must go while one of its messages may be being handled is
/// doomed first, and closed by the next reap().
///
/// Thread safety: not safe. The references must remain live while it is in use.
class SessionTable {
 public:
  using Sessions = std::unordered_map<SessionId, std::unique_ptr<PeerSession>>;

  /// Of the transport's protocol; it takes over the descriptor, unless it throws.
  using Make = std::function<std::unique_ptr<PeerSession>(int fd, SessionId id, int64_t now_ms)>;

  /// The first session is `first_id`; each next one has the next number.
  SessionTable(Make make, SessionId first_id, BrokerMetrics& metrics)
      : make_(std::move(make)), metrics_(metrics), next_id_(first_id) {}

  /// Takes over the descriptor. Throws bad_alloc: then it is closed.
  [[nodiscard]] PeerSession& add(int fd, int64_t now_ms);
  void remove(SessionId id) { sessions_.erase(id); }
  /// Null: it is not there, or doomed.
  [[nodiscard]] PeerSession* find(SessionId id) const;
  /// With those that are doomed.
  [[nodiscard]] const Sessions& all() const { return sessions_; }

  void doom(PeerSession& session);
  /// The same, counted and logged by this reason.
  void doom(PeerSession& session, const char* reason, std::string_view why);
  [[nodiscard]] bool has_doomed() const { return !doomed_.empty(); }
  /// Closes the doomed ones, but for this one. True: there were some.
  bool reap(SessionId but_for);

  /// Counts the session's bytes again. Call it after each use of the session.
  void recount(PeerSession& session);
  /// Of a session's half-received message, what counts: the first 16 KiB are free.
  static constexpr int64_t kFreeHeldBytes = 16 << 10;
  [[nodiscard]] static int64_t counted_held_bytes(const PeerSession& session);
  [[nodiscard]] int64_t held_bytes() const { return held_bytes_; }
  [[nodiscard]] int64_t unread_bytes() const { return unread_bytes_; }

  /// There may be bytes to receive. Has no effect while it waits for memory, or wants none.
  void make_ready(PeerSession& session);
  /// The next one that may have bytes to receive; null: none.
  [[nodiscard]] PeerSession* take_ready();
  [[nodiscard]] bool has_ready() const { return !ready_.empty(); }

  /// The session has answers to send, by the next flush_dirty(); many are sent at once.
  void mark_dirty(PeerSession& session, int64_t now_ms);
  void flush_dirty(int64_t now_ms);
  void flush(PeerSession& session, int64_t now_ms);

 private:
  const Make make_;
  BrokerMetrics& metrics_;
  SessionId next_id_;
  Sessions sessions_;
  // These may name sessions that were closed since.
  std::deque<SessionId> ready_;
  std::vector<SessionId> dirty_;
  std::vector<SessionId> doomed_;
  int64_t held_bytes_ = 0;
  int64_t unread_bytes_ = 0;
};

}  // namespace hailstorm::broker
