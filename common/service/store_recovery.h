#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/log/log.h"
#include "common/service/log_positions.h"
#include "common/service/reactor.h"
#include "common/service/readiness.h"
#include "common/service/settings.h"
#include "common/service/store_review.h"
#include "common/service/writer.h"

namespace hailstorm::service {

/// Keeps a service's store level with the log, which is the truth: finds out at the start where the
/// store is, has it rebuilt from there where it is new, emptied, an older copy or cut, and holds
/// the service back where the log has no longer what the store needs. Reason::recovery says
/// meanwhile why the store is not level with the log.
///
/// Thread safety: used by the thread of the consumer loop; applied() by the writer's on its behalf.
/// Everything referred to must remain live while it is in use.
class StoreRecovery {
 public:
  StoreRecovery(log::Engine& engine, const ServiceSettings& settings, Writer& writer,
                Reactor& reactor, Readiness& readiness, const Clock& clock);

  /// Compares the store with the log. True: the store may go on; false: try again later.
  /// `own_records_known` is called each time when the store knows all that the service wrote: it
  /// may publish from then on. `is_stopping` true cuts the comparison short.
  [[nodiscard]] bool try_begin(const std::function<void()>& own_records_known,
                               const std::function<bool()>& is_stopping);

  /// Where the store is in these partitions; of those that it does not know, at their start.
  [[nodiscard]] Result<std::vector<log::Position>> positions_of(
      const std::vector<log::TopicPartition>& ids);

  /// Records before these were never given to the store: try_begin() must look again.
  [[nodiscard]] bool has_gap_before(const std::vector<log::ConsumedRecord>& records) const;

  /// In the transaction that applied `records`.
  [[nodiscard]] Status applied(const std::vector<log::ConsumedRecord>& records,
                               store::Database& db);
  /// That transaction was committed.
  void committed(const std::vector<log::ConsumedRecord>& records);

  /// Another instance may have applied the last record of the rebuild. To be called now and then.
  void look_again();

 private:
  struct Review {
    std::vector<ReviewedPartition> partitions;
    int64_t recalled = 0;
    bool is_rebuild = false;
  };
  [[nodiscard]] Result<Review> review_store(const std::function<void()>& own_records_known,
                                            const std::function<bool()>& is_stopping);
  [[nodiscard]] Result<std::map<log::TopicPartition, int64_t>> committed_offsets();
  [[nodiscard]] Status pass_unapplied();
  [[nodiscard]] Status set_out(const Review& review);
  [[nodiscard]] bool is_held_back(const Review& review);
  [[nodiscard]] Status finish(store::Database& db);
  void show_progress();

  log::Engine& engine_;
  const ServiceSettings& settings_;
  Writer& writer_;
  Reactor& reactor_;
  Readiness& readiness_;
  const Clock& clock_;
  std::map<log::TopicPartition, log::Position> expected_;
  std::string last_said_;
  int64_t rebuild_total_ = -1;        // records, as seen at the start; -1: there is no rebuild
  int64_t left_ = -1;                 // of them; -1: the rebuild is done
  int64_t left_in_transaction_ = -1;  // the same, before the commit
};

}  // namespace hailstorm::service
