#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "common/base/clock.h"
#include "common/log/hailstorm/connection.h"
#include "common/log/hailstorm/fetch_state.h"
#include "common/log/hailstorm/membership.h"
#include "common/log/log.h"

namespace hailstorm::log::hail {

/// One commit on its way, and whoever waits for it.
struct CommitCall {
  std::vector<Position> positions;
  bool is_awaited = true;  // false: its failure is for the next poll
  bool under_way = false;
  int64_t not_before_ms = 0;
  std::optional<Status> result;
};

/// What the caller's thread and the worker's share; all of it is protected by `mutex`.
struct ConsumerState {
  ConsumerState(OffsetReset reset, int32_t max_wait_ms) : fetching(reset, max_wait_ms) {}

  std::mutex mutex;
  std::condition_variable changed;  // for the worker's thread
  FetchState fetching;
  std::optional<Membership> membership;             // nothing: no group
  std::vector<TopicPartition> granted;              // to be told in the next poll
  std::vector<TopicPartition> wanted_back;          // to be let go of in the next poll
  std::deque<std::shared_ptr<CommitCall>> commits;  // in order; the first may be under way
  std::optional<Error> error;                       // to be told in the next poll
  bool connected = false;
  bool stopping = false;
  bool polling = false;
  bool driving = false;        // the caller takes the worker's turns
  int64_t last_driven_ms = 0;  // when it last took one
  int64_t last_poll_ms = 0;    // when the last poll ended
};

/// Speaks to the broker for one consumer, in turns: heartbeats, fetches, commits. A caller that
/// waits takes the turns itself, which saves the way over another thread; a thread of the worker's
/// own stands in while the caller does something else.
///
/// Thread safety: wake() and await() may be called from any thread.
class ConsumerWorker {
 public:
  /// `network` and `state` must remain live while this is in use.
  ConsumerWorker(Network& network, const ConsumerOptions& options, ConsumerState& state);
  /// REQUIRES: state.stopping. Says goodbye to the group.
  ~ConsumerWorker();

  /// One look at everything: takes the answers that came, asks what is to be asked. Gives how long
  /// nothing else is due, in ms. REQUIRES: state.mutex is held.
  [[nodiscard]] int64_t turn();
  /// Waits until a turn may be of use, `timeout_ms` at most. REQUIRES: state.mutex is not held.
  void await(int64_t timeout_ms) { connection_.await(timeout_ms); }
  /// Something changed in the state that a turn should act on.
  void wake() { connection_.wake(); }

 private:
  enum class Question { heartbeat, committed, begin, records, commit };
  struct Pending {
    Question question = Question::heartbeat;
    int64_t deadline_ms = 0;
    FetchState::Asked asked;
    std::shared_ptr<CommitCall> commit;
  };

  void run();
  void check_poll_interval(int64_t now_ms);
  void drop_membership();
  [[nodiscard]] bool is_overdue(int64_t now_ms) const;
  void speak(int64_t now_ms);
  void send_heartbeat(int64_t now_ms);
  void send_commit(int64_t now_ms);
  void send_questions(int64_t now_ms);
  template <class Request>
  void send(wire::Api api, const Request& request, Question question, int64_t now_ms,
            FetchState::Asked asked = {}, std::shared_ptr<CommitCall> commit = nullptr);
  [[nodiscard]] int64_t wait_ms(int64_t now_ms) const;
  void take_reply(Reply reply, int64_t now_ms);
  void take_heartbeat(const Reply& reply, int64_t now_ms);
  void take_commit(const Reply& reply, CommitCall& commit, int64_t now_ms);
  void take_answer(const Pending& pending, Reply reply, int64_t now_ms);
  void lost();
  void say_goodbye();

  const ConsumerOptions options_;
  const SystemClock clock_;
  ConsumerState& state_;
  Connection connection_;
  std::unordered_map<uint64_t, Pending> pending_;  // by correlation id
  std::thread thread_;
};

}  // namespace hailstorm::log::hail
