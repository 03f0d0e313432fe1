#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "common/base/clock.h"
#include "common/base/metrics.h"
#include "common/base/result.h"
#include "common/log/log.h"
#include "common/service/held_rows.h"
#include "common/service/outbox.h"
#include "common/service/rows_in_flight.h"
#include "common/service/set_aside.h"
#include "common/service/writer.h"
#include "common/store/database.h"

namespace hailstorm::service {

/// What the relay counts.
struct RelayMetrics {
  explicit RelayMetrics(Metrics& metrics);
  Counter& published;
  Counter& set_aside;
  Gauge& held_partitions;
};

/// Sends the rows of an outbox through one producer, in order, and erases each after the log has
/// acknowledged it.
///
/// No row is in another's way: what the log refuses for good is set aside, and the rows of a
/// partition that is closed or missing wait in the outbox (held_rows.h) while those of the others
/// go on.
///
/// Thread safety: used by one thread; the producer's callbacks come on any. What is passed in must
/// remain live while it is in use.
class OutboxPublisher {
 public:
  struct Listener {
    /// There are acknowledgements to look at. Called on any thread.
    std::function<void()> answered;
    /// The partitions whose rows wait have changed.
    std::function<void(std::vector<log::ClosedPartition>)> held;
  };

  OutboxPublisher(std::unique_ptr<log::Producer> producer, store::Database& db, Writer& writer,
                  RelayMetrics& metrics, const Clock& clock, Listener listener);
  /// Closes the producer, and erases what was acknowledged until then.
  ~OutboxPublisher();
  OutboxPublisher(const OutboxPublisher&) = delete;
  OutboxPublisher& operator=(const OutboxPublisher&) = delete;

  /// Looks at what was acknowledged, then sends as many rows as may be in flight; true: more may be
  /// sent at once. `tries_held_rows` false: the rows that wait are left alone. Errors of the store;
  /// then this object is of no more use.
  [[nodiscard]] Result<bool> publish_some(bool tries_held_rows);

  /// Every row that was sent has its answer.
  [[nodiscard]] bool is_idle() const { return in_flight_.is_empty(); }

 private:
  [[nodiscard]] Status erase(const std::vector<int64_t>& acknowledged);
  [[nodiscard]] Status take_answers();
  [[nodiscard]] Status take_failed(RowsInFlight::Failed failed, std::vector<RefusedRow>& refused);
  [[nodiscard]] Status set_aside_rows(const std::vector<RefusedRow>& refused);
  void hold(const log::TopicPartition& partition, int64_t id, const Error& why);
  void release(int64_t id);
  [[nodiscard]] Status try_held_rows();
  [[nodiscard]] Result<bool> send_rows();
  void send(OutboxRow row, bool is_first_of_held);
  void on_delivery(int64_t id, const Result<log::Delivery>& delivery);
  void show_held();

  std::unique_ptr<log::Producer> producer_;
  store::Database& db_;
  Writer& writer_;
  RelayMetrics& metrics_;
  const Clock& clock_;
  const Listener listener_;

  RowsInFlight in_flight_;
  HeldRows held_;
  int64_t cursor_ = 0;  // each row up to here was sent, or is held
  std::mutex mutex_;
  std::map<log::TopicPartition, int64_t> published_to_;  // the log has all before these offsets
};

}  // namespace hailstorm::service
