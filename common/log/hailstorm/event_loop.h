#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "common/log/hailstorm/environment.h"
#include "common/log/hailstorm/pending_requests.h"
#include "common/wire/codec.h"

namespace hailstorm::log::hail {

/// Owns one connection to the broker and the requests that are pending on it, and runs what a
/// client does with them. A caller that waits runs the loop itself, which saves the way over
/// another thread; a background thread runs it while no caller does.
///
/// Thread safety: safe. Functions that say so need the loop's mutex, which also protects all that a
/// Client does.
class EventLoop {
 public:
  using Lock = std::unique_lock<std::mutex>;

  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  /// What the loop works for. Its functions are called with the mutex held.
  class Client {
   public:
    virtual ~Client() = default;
    /// Sends what is due, and fails what is too old.
    virtual void send_requests(int64_t now_ms) = 0;
    /// When send_requests() is due, if nothing else happens.
    [[nodiscard]] virtual int64_t next_due_ms(int64_t now_ms) = 0;
    /// No request is pending any more, and none of their answers will come.
    virtual void on_connection_lost(int64_t now_ms) = 0;
  };

  /// `background_after_ms`: the background thread runs the loop when no caller did for so long; -1:
  /// there is none, and nothing happens but in run_until(). `environment` and `client` must remain
  /// live while this is in use; the background thread may use `client` at once.
  EventLoop(const Environment& environment, Client& client, int64_t background_after_ms);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  [[nodiscard]] Lock lock() { return Lock(mutex_); }
  [[nodiscard]] Lock try_lock() { return {mutex_, std::try_to_lock}; }

  /// Takes the answers that came and has the client send what is due. Gives how long nothing else
  /// is due, in ms. REQUIRES: the mutex is held.
  int64_t run_once();

  /// Runs the loop, or waits for another caller that does, until `done()` (called with the mutex
  /// held) or `until_ms`; at least once, unless it is done already. Gives done(). REQUIRES: `lock`
  /// is held; it is released while nothing is to be done.
  bool run_until(Lock& lock, int64_t until_ms, const std::function<bool()>& done);

  /// Sends a request. `on_reply` is called with the mutex held. Where no answer comes by
  /// `deadline_ms`, the connection counts as lost. Gives the request's number. REQUIRES: the mutex
  /// is held, and connected().
  template <class Request>
  uint64_t send(const Request& request, int64_t deadline_ms, OnReply on_reply,
                SharedBytes data = nullptr) {
    const uint64_t id = pending_.add(deadline_ms, std::move(on_reply));
    connection_->send(wire::encode(wire::FrameHeader{Request::kApi, id}, request), std::move(data));
    return id;
  }
  /// The answer of this request is not wanted any more. REQUIRES: the mutex is held.
  void cancel(uint64_t correlation_id) { pending_.cancel(correlation_id); }

  /// REQUIRES: the mutex is held.
  [[nodiscard]] bool connected() const { return connection_->connected(); }

  /// Something changed on which the loop should act now.
  void wake() { connection_->wake(); }
  /// As wake(), where the loop plans to act later than the client's next due time. REQUIRES: the
  /// mutex is held.
  void wake_if_due_earlier(int64_t now_ms);

  /// Ends the background thread, and run_until() in other threads where `done` says so.
  void stop();
  /// REQUIRES: the mutex is held.
  [[nodiscard]] bool stopping() const { return stopping_; }

 private:
  friend class ManualLoops;
  void run_in_background();
  void take_events(int64_t now_ms);
  void take_message(Message message, int64_t now_ms);
  void fail_overdue(int64_t now_ms);
  void lose_connection(int64_t now_ms);
  [[nodiscard]] int64_t idle_ms(int64_t now_ms);

  const Clock& clock_;
  Client& client_;
  ManualLoops* const manual_loops_;
  const int64_t background_after_ms_;

  std::mutex mutex_;
  std::condition_variable changed_;     // for callers that wait for one that runs the loop
  std::condition_variable background_;  // for the background thread
  std::unique_ptr<Connection> connection_;
  PendingRequests pending_;     // protected by mutex_
  bool is_driven_ = false;      // a caller runs the loop; protected by mutex_
  int64_t last_driven_ms_ = 0;  // when a caller last ran it; protected by mutex_
  int64_t next_run_ms_ = 0;     // as planned; protected by mutex_
  bool stopping_ = false;       // protected by mutex_
  std::thread thread_;
};

/// The event loops of clients without threads. Their owner runs them.
///
/// Thread safety: not safe; one thread uses the clients and this.
class ManualLoops {
 public:
  /// Runs each loop once, but for those that a caller runs now.
  void run_once();
  /// When run_once() is due, if nothing is received.
  [[nodiscard]] int64_t next_run_ms() const;

 private:
  friend class EventLoop;
  std::vector<EventLoop*> loops_;
};

}  // namespace hailstorm::log::hail
