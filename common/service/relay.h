#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/base/metrics.h"
#include "common/log/log.h"
#include "common/service/held_rows.h"
#include "common/service/outbox.h"
#include "common/service/relay_lock.h"
#include "common/service/rows_in_flight.h"
#include "common/service/set_aside.h"
#include "common/service/writer.h"
#include "common/store/database.h"

namespace hailstorm::service {

/// Publishes the outbox: sends its rows in order, deletes each once the log has it. A crash between
/// the last two publishes a row again; its readers know the event's id already.
///
/// No row is in another's way: what the log refuses for good is set aside, and the rows of a
/// partition that is closed or missing wait in the outbox (held_rows.h) while those of the others
/// go on.
///
/// Thread safety: wake() and held() may be called from any thread. `engine` and `writer` must
/// remain live while it is in use.
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

  /// Gives what can be published up to `timeout_ms` to reach the log, then ends the thread. What is
  /// left stays in the outbox for the next start.
  void stop(int timeout_ms);

  /// The partitions whose rows wait, and why. -1: the whole topic.
  [[nodiscard]] std::vector<log::ClosedPartition> held() const;

 private:
  void run();
  void send_again_what_was_set_aside();
  void relay_until_failure();
  /// One look at everything; true: there may be more to do at once.
  Result<bool> look(log::Producer& producer);
  Status erase(const std::vector<int64_t>& acknowledged);
  Status take_answers(log::Producer& producer);
  Status take_failed(log::Producer& producer, RowsInFlight::Failed failed,
                     std::vector<RefusedRow>& refused);
  Status set_aside_rows(const std::vector<RefusedRow>& refused);
  void hold(const log::TopicPartition& partition, int64_t id, const Error& why);
  void release(int64_t id);
  Status try_held_rows(log::Producer& producer);
  Result<bool> send_rows(log::Producer& producer);
  void send(log::Producer& producer, OutboxRow row, bool is_first_of_held);
  void answered(int64_t id, const Result<log::Delivery>& delivery);
  void show_held();
  void wait_for_news();
  [[nodiscard]] bool is_stopping() const;
  [[nodiscard]] bool is_overdue() const;

  log::Engine& engine_;
  std::unique_ptr<store::Database> db_;
  RelayLock lock_;
  Writer& writer_;
  Counter& published_;
  Counter& set_aside_;
  Gauge& held_partitions_;

  RowsInFlight in_flight_;
  HeldRows held_;       // of the thread; what others see is held_list_
  int64_t cursor_ = 0;  // of the thread: each row up to here was sent, or is held

  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::vector<log::ClosedPartition> held_list_;
  std::map<log::TopicPartition, int64_t> published_to_;  // what is before is in the log
  bool woken_ = false;
  bool stopping_ = false;
  int64_t stop_before_ms_ = 0;
  std::thread thread_;
};

}  // namespace hailstorm::service
