#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "common/log/hailstorm/batch.h"
#include "common/log/hailstorm/sequence.h"
#include "common/log/hailstorm/transport.h"
#include "common/wire/messages.h"

namespace hailstorm::log::hail {

/// One partition's batches that are under way: gives them sequences, sends the same bytes again in
/// order until each is answered, and never has more of them than the broker remembers. Knows
/// neither sockets nor threads.
///
/// A batch that is refused because of a record is sent again as two, until that record is alone: a
/// refusal takes no good record with it.
///
/// A sequence that was refused for good, or that expired, leaves a gap; the broker accepts nothing
/// after it. A restart is needed then: when nothing with a sequence is left unanswered, the
/// producer takes a new epoch and sequences count from 0 again.
///
/// Thread safety: not safe.
class InFlightBatches {
 public:
  static constexpr size_t kMaxBatches = 5;

  /// `codec`: how batches are compressed.
  explicit InFlightBatches(compression::Codec codec = compression::Codec::none) : codec_(codec) {}

  /// A batch with its final outcome: its offset (-1: written, the broker does not remember where)
  /// or an error.
  struct Completed {
    Batch batch;
    Result<int64_t> base_offset;
  };
  struct Outgoing {
    SharedBytes bytes;
    uint64_t token = 0;  // of this sending of it
  };

  [[nodiscard]] bool has_room() const { return entries_.size() < kMaxBatches; }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] uint64_t oldest_ticket() const;

  /// REQUIRES: has_room().
  void add(Batch batch);

  /// The next batch to send now, marked as sent; nothing: all are sent, or a pause is on. Without
  /// `may_begin`, only those that were given a sequence before.
  [[nodiscard]] std::optional<Outgoing> next(const ProducerIdentity& identity, int64_t now_ms,
                                             bool may_begin);
  /// When next() may have one after a pause, called with the same `may_begin`; INT64_MAX: not
  /// before something else happens.
  [[nodiscard]] int64_t next_due_ms(bool may_begin) const;

  /// The broker's answer to the sending `token`. Gives what is completed by it, in order.
  [[nodiscard]] std::vector<Completed> on_reply(uint64_t token, const wire::Outcome& outcome,
                                                int64_t base_offset, int64_t now_ms);
  /// The connection was lost: everything that was sent must be sent again.
  void on_connection_lost();
  /// Fails what was opened before `before_ms`: unknown_outcome, with the broker's last reason.
  [[nodiscard]] std::vector<Completed> expire(int64_t before_ms);
  /// Takes out those that were never sent.
  [[nodiscard]] std::vector<Batch> take_unsent();
  /// Fails everything with this error.
  [[nodiscard]] std::vector<Completed> fail_all(const Error& error);

  [[nodiscard]] bool needs_restart() const { return needs_restart_; }
  /// The broker said that another took this producer's place: only a new id helps.
  [[nodiscard]] bool fenced() const { return fenced_; }
  /// True when no batch with a sequence waits for its answer.
  [[nodiscard]] bool quiet() const;
  /// A new identity is in use. REQUIRES: quiet().
  void restart();

 private:
  enum class State { fresh, waiting, sent, done };
  struct Entry {
    Batch batch;
    State state = State::fresh;
    SharedBytes bytes;  // null: not finished yet
    uint64_t token = 0;
    bool sent_first = false;  // nothing before it was unanswered when it was sent
    std::optional<Result<int64_t>> result;
  };
  void give_sequence(Entry& entry, const ProducerIdentity& identity);
  void apply(Entry& entry, const wire::Outcome& outcome, int64_t base_offset, int64_t now_ms);
  void apply_gap(Entry& entry, const wire::Outcome& outcome, int64_t now_ms);
  void fail(Entry& entry, const Error& error);
  void split(std::deque<Entry>::iterator at);
  void pause(int64_t now_ms);
  [[nodiscard]] std::vector<Completed> take_done();

  compression::Codec codec_;
  std::deque<Entry> entries_;
  uint64_t last_token_ = 0;
  int32_t next_sequence_ = 0;
  bool needs_restart_ = false;
  bool fenced_ = false;
  int64_t not_before_ms_ = 0;
  int64_t pause_ms_ = 0;  // doubles with each failure in a row
  std::string refusal_;   // why the broker took nothing last; empty: it did
};

}  // namespace hailstorm::log::hail
