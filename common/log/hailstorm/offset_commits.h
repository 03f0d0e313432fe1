#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "common/log/consumer.h"
#include "common/wire/messages.h"

namespace hailstorm::log::hail {

/// One commit of offsets on its way to the broker.
struct OffsetCommit {
  std::vector<Position> positions;
  int32_t epoch = 0;       // of the member when it handled the records
  bool is_awaited = true;  // false: its failure is for the next poll
  bool is_requested = false;
  int64_t not_before_ms = 0;
  std::optional<Status> result;
};

/// The commits of one consumer that are not answered, in order: one is requested at a time.
///
/// Thread safety: not safe.
class OffsetCommits {
 public:
  using Commit = std::shared_ptr<OffsetCommit>;

  /// The caller waits for its result. `epoch`: of the member now. However late the commit is sent,
  /// it is fenced if the group gave a partition to another member, or moved it, after that.
  [[nodiscard]] Commit add(const std::vector<Position>& positions, int32_t epoch);
  /// Nobody waits for it. Positions join a commit of this epoch that was not requested yet: of each
  /// partition the newest one counts.
  void add_soon(const std::vector<Position>& positions, int32_t epoch);
  void remove(const Commit& commit) { std::erase(commits_, commit); }
  [[nodiscard]] size_t size() const { return commits_.size(); }

  /// The commit to request now; null: none.
  [[nodiscard]] Commit start_request(int64_t now_ms);
  /// When start_request() may have one; INT64_MAX: not before something else happens.
  [[nodiscard]] int64_t next_due_ms() const;
  /// Gives the error that the next poll must report, if any.
  [[nodiscard]] std::optional<Error> on_reply(const Commit& commit, const wire::Outcome& outcome,
                                              int64_t now_ms);
  /// The request must be sent again.
  void on_connection_lost();
  void fail_all(const Error& error);

 private:
  std::deque<Commit> commits_;  // the first may be requested
};

}  // namespace hailstorm::log::hail
