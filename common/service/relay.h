#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "common/base/metrics.h"
#include "common/log/log.h"
#include "common/service/outbox.h"
#include "common/service/relay_lock.h"
#include "common/service/writer.h"
#include "common/store/database.h"

namespace hailstorm::service {

/// Publishes the outbox: reads rows in order, sends them, deletes them once the log has them. A
/// crash between the last two publishes a row again; its readers know the event's id already.
///
/// Thread safety: wake() may be called from any thread. `engine` and `writer` must remain live
/// while it is in use.
class Relay {
 public:
  /// `db` is a connection of its own to the same file.
  Relay(log::Engine& engine, std::unique_ptr<store::Database> db, const std::string& lock_path,
        Writer& writer, Metrics& metrics);
  ~Relay();  // stops
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  /// Another call changes nothing.
  void start();

  /// There may be new rows.
  void wake();

  /// Gives what is in the outbox up to `timeout_ms` to reach the log, then ends the thread. What is
  /// left stays in the outbox for the next start.
  void stop(int timeout_ms);

 private:
  struct Sent {
    int64_t id;
    bool acknowledged = false;
  };

  void run();
  void relay_until_failure();
  /// Sends the rows after `cursor`; the id of the last one sent.
  Result<int64_t> send_rows(log::Producer& producer, int64_t cursor);
  void answered(int64_t id, const Result<log::Delivery>& delivery);
  Status erase_acknowledged();
  [[nodiscard]] bool wait_for_news();

  log::Engine& engine_;
  std::unique_ptr<store::Database> db_;
  RelayLock lock_;
  Writer& writer_;
  Counter& published_;
  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<Sent> in_flight_;        // by rising id
  int64_t acknowledged_through_ = 0;  // every row up to here is in the log
  int64_t erased_through_ = 0;
  std::map<log::TopicPartition, int64_t> published_to_;  // what is before is in the log
  bool failed_ = false;
  bool woken_ = false;
  bool stopping_ = false;
  int64_t stop_before_ms_ = 0;
  std::thread thread_;
};

}  // namespace hailstorm::service
