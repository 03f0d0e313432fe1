#include "common/service/store_recovery.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <utility>

#include "common/base/logging.h"
#include "common/service/outbox.h"
#include "common/service/own_records.h"
#include "common/service/recalled.h"
#include "common/service/replay.h"
#include "common/service/unsafe.h"

namespace hailstorm::service {
namespace {

constexpr int kAdminTimeoutMs = 2000;

/// What the store says of itself before the log is asked.
struct StoreAccount {
  LogPositions positions;
  bool is_new = false;  // it has no position in the topics that its service reads
  StoreHistory history;
};

bool has_any_of(const LogPositions& stored, const std::vector<std::string>& topics) {
  return std::any_of(stored.begin(), stored.end(), [&](const auto& position) {
    return std::find(topics.begin(), topics.end(), position.first.topic) != topics.end();
  });
}

/// Positions beside empty tables are wrong, because the store was emptied: they are forgotten, too.
Result<StoreAccount> account_of(store::Database& db, const Reactor& reactor) {
  StoreAccount account;
  HAIL_ASSIGN_OR_RETURN(const bool has_inbox, db.has_row("SELECT 1 FROM inbox LIMIT 1"));
  HAIL_ASSIGN_OR_RETURN(const bool has_no_effects, reactor.is_empty(db));
  if (!has_inbox && has_no_effects) HAIL_RETURN_IF_ERROR(forget_log_positions(db));
  HAIL_ASSIGN_OR_RETURN(account.positions, read_log_positions(db));
  account.is_new = !has_any_of(account.positions, reactor.topics());
  account.history.is_of_older_program = account.is_new && has_inbox;
  return account;
}

bool has_any_record(const std::vector<ReviewedPartition>& partitions) {
  return std::any_of(partitions.begin(), partitions.end(),
                     [](const auto& one) { return one.log_end > 0; });
}

/// Of the partitions where that is not what the store has already: other instances move those on.
std::vector<log::Position> where_to_go_on(const std::vector<ReviewedPartition>& partitions) {
  std::vector<log::Position> positions;
  for (const auto& one : partitions) {
    if (one.is_kept && !one.is_missing()) continue;
    positions.push_back(one.next);
    positions.back().offset = std::max(one.next.offset, one.log_start);
  }
  return positions;
}

}  // namespace

StoreRecovery::StoreRecovery(log::Engine& engine, const ServiceSettings& settings, Writer& writer,
                             Reactor& reactor, Readiness& readiness, const Clock& clock)
    : engine_(engine),
      settings_(settings),
      writer_(writer),
      reactor_(reactor),
      readiness_(readiness),
      clock_(clock) {}

bool StoreRecovery::try_begin(const std::function<void()>& own_records_known,
                              const std::function<bool()>& is_stopping) {
  const auto reviewed = review_store(own_records_known, is_stopping);
  if (reviewed.ok() && is_held_back(*reviewed)) return false;
  const Status outcome = reviewed.ok() ? set_out(*reviewed) : Status(reviewed.error());
  if (!outcome.ok()) log_warn("the store cannot be compared with the log now", {outcome.error()});
  return outcome.ok();
}

Result<std::map<log::TopicPartition, int64_t>> StoreRecovery::committed_offsets() {
  std::map<log::TopicPartition, int64_t> offsets;
  const auto admin = engine_.make_admin(kAdminTimeoutMs);
  HAIL_ASSIGN_OR_RETURN(const auto groups, admin->list_groups());
  const bool exists = std::any_of(groups.begin(), groups.end(),
                                  [&](const auto& group) { return group.group == settings_.name; });
  if (!exists) return offsets;
  HAIL_ASSIGN_OR_RETURN(const auto group, admin->describe_group(settings_.name));
  for (const auto& partition : group.partitions) {
    if (partition.committed_offset >= 0) offsets[partition.id] = partition.committed_offset;
  }
  return offsets;
}

/// What the group committed counts as applied.
Status StoreRecovery::pass_unapplied() {
  HAIL_ASSIGN_OR_RETURN(const auto committed, committed_offsets());
  return writer_.submit([&](store::Database& db) { return raise_log_positions(db, committed); });
}

Result<StoreRecovery::Review> StoreRecovery::review_store(
    const std::function<void()>& own_records_known, const std::function<bool()>& is_stopping) {
  if (is_unsafe(settings_.unsafe, kCommitBeforeEffect)) HAIL_RETURN_IF_ERROR(pass_unapplied());
  HAIL_ASSIGN_OR_RETURN(StoreAccount account, writer_.submit([&](store::Database& db) {
    return account_of(db, reactor_);
  }));
  const auto admin = engine_.make_admin(kAdminTimeoutMs);
  Review result;
  if (const auto own = reactor_.publishes(); !own.empty()) {
    HAIL_ASSIGN_OR_RETURN(const auto topics, admin->describe_topics(own));
    const auto partitions = review(topics, account.positions, {}, account.history);
    HAIL_ASSIGN_OR_RETURN(result.recalled, recall_own_records({engine_, settings_.name, reactor_,
                                                               writer_, clock_, is_stopping},
                                                              partitions));
    account.history.was_used = account.is_new && has_any_record(partitions);
  }
  if (own_records_known) own_records_known();
  // After the service's own records: what they follow from is before the ends that are seen now.
  HAIL_ASSIGN_OR_RETURN(const auto topics, admin->describe_topics(topics_read_by(reactor_)));
  HAIL_ASSIGN_OR_RETURN(const auto committed, committed_offsets());
  result.partitions = review(topics, account.positions, committed, account.history);
  result.is_rebuild = std::any_of(result.partitions.begin(), result.partitions.end(),
                                  [](const auto& one) { return one.lags(); });
  return result;
}

/// True where records are missing and the settings do not accept that.
bool StoreRecovery::is_held_back(const Review& review) {
  const std::string missing = missing_text(review.partitions);
  if (missing.empty()) {
    readiness_.clear(Reason::recovery);
    return false;
  }
  if (settings_.accept_missing_records) {
    log_warn("the store goes on without records that the log has no longer",
             {{"missing", missing}});
    readiness_.clear(Reason::recovery);
    return false;
  }
  const std::string text = fmt::format(
      "the store needs records that the log has no longer ({}): put a newer copy of the store "
      "back, or start once with --accept-missing-records to go on without them",
      missing);
  readiness_.set(Reason::recovery, text);
  if (std::exchange(last_said_, text) != text) log_error(text);
  return true;
}

/// Writes down where the store goes on, and up to where it is rebuilt.
Status StoreRecovery::set_out(const Review& review) {
  const auto written = writer_.submit([&](store::Database& db) -> Status {
    HAIL_RETURN_IF_ERROR(set_log_positions(db, where_to_go_on(review.partitions)));
    HAIL_ASSIGN_OR_RETURN(const bool recalled, has_recalled(db));
    HAIL_ASSIGN_OR_RETURN(const int64_t under_way, count_to_rebuild(db));
    if (!review.is_rebuild && !recalled && under_way < 0) return {};
    for (const auto& one : review.partitions) {
      const bool is_further = one.next.offset < one.log_end;
      if (is_further) HAIL_RETURN_IF_ERROR(set_rebuild_until(db, one.next.id, one.log_end));
    }
    HAIL_ASSIGN_OR_RETURN(left_in_transaction_, count_to_rebuild(db));
    return left_in_transaction_ > 0 ? Status() : finish(db);
  });
  if (!written.ok()) return written.error();
  rebuild_total_ = left_ = left_in_transaction_;
  if (left_ < 0) return {};
  log_warn(
      "the store lags the log and is rebuilt from it",
      {{"records", left_},
       {"partitions", std::count_if(review.partitions.begin(), review.partitions.end(),
                                    [](const auto& one) { return one.next.offset < one.log_end; })},
       {"recalled", review.recalled}});
  show_progress();
  return {};
}

Result<std::vector<log::Position>> StoreRecovery::positions_of(
    const std::vector<log::TopicPartition>& ids) {
  HAIL_ASSIGN_OR_RETURN(const LogPositions stored,
                        writer_.submit([](store::Database& db) { return read_log_positions(db); }));
  std::vector<log::Position> positions;
  for (const auto& id : ids) {
    const auto at = stored.find(id);
    positions.push_back(at == stored.end() ? log::Position{id, 0, {}} : at->second.next);
    expected_.erase(id);
    if (at != stored.end()) expected_[id] = at->second.next;
  }
  return positions;
}

bool StoreRecovery::has_gap_before(const std::vector<log::ConsumedRecord>& records) const {
  auto next = expected_;
  return std::any_of(records.begin(), records.end(), [&](const auto& record) {
    const log::TopicPartition id{record.topic, record.partition};
    const auto at = next.find(id);
    const bool is_gap = at != next.end() && at->second.topic_id == record.topic_id &&
                        record.offset > at->second.offset;
    next[id] = {id, record.offset + 1, record.topic_id};
    return is_gap;
  });
}

Status StoreRecovery::applied(const std::vector<log::ConsumedRecord>& records,
                              store::Database& db) {
  HAIL_RETURN_IF_ERROR(set_log_positions(db, positions_after(records)));
  HAIL_ASSIGN_OR_RETURN(left_in_transaction_, count_to_rebuild(db));
  return left_in_transaction_ == 0 ? finish(db) : Status();
}

/// In the transaction that applied the last record.
Status StoreRecovery::finish(store::Database& db) {
  Outbox outbox(db);
  HAIL_RETURN_IF_ERROR(reactor_.rebuilt(db, outbox));
  HAIL_ASSIGN_OR_RETURN(const int64_t forgotten, forget_recalled(db));
  if (forgotten > 0) {
    log_warn("the log has decisions of this service about rides that it does not have",
             {{"decisions", forgotten}});
  }
  HAIL_RETURN_IF_ERROR(end_rebuild(db));
  left_in_transaction_ = -1;
  return {};
}

void StoreRecovery::committed(const std::vector<log::ConsumedRecord>& records) {
  for (const auto& position : positions_after(records)) expected_[position.id] = position;
  left_ = left_in_transaction_;
  rebuild_total_ = std::max(rebuild_total_, left_);  // another instance may have begun one
  show_progress();
}

void StoreRecovery::look_again() {
  if (rebuild_total_ < 0) return;
  const auto read = writer_.submit([&](store::Database& db) -> Status {
    HAIL_ASSIGN_OR_RETURN(left_in_transaction_, count_to_rebuild(db));
    return left_in_transaction_ == 0 ? finish(db) : Status();
  });
  if (!read.ok()) return;
  left_ = left_in_transaction_;
  show_progress();
}

void StoreRecovery::show_progress() {
  if (rebuild_total_ < 0) return;
  if (left_ >= 0) {
    readiness_.set(
        Reason::recovery,
        fmt::format("the store is rebuilt from the log: {} of {} records are still to be applied",
                    left_, std::max(left_, rebuild_total_)));
    return;
  }
  log_info("the store is rebuilt and level with the log", {{"records", rebuild_total_}});
  rebuild_total_ = -1;
  readiness_.clear(Reason::recovery);
}

}  // namespace hailstorm::service
