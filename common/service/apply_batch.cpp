#include "common/service/apply_batch.h"

#include <fmt/format.h>

#include "common/base/logging.h"
#include "common/service/dead_letter.h"
#include "common/service/outbox.h"

namespace hailstorm::service {
namespace {

std::string place_of(const log::ConsumedRecord& record) {
  return fmt::format("{}/{}/{}", record.topic, record.partition, record.offset);
}

/// True when `id` was not in the inbox; it is from now on.
Result<bool> enter_inbox(store::Database& db, const std::string& id) {
  HAIL_RETURN_IF_ERROR(
      db.run("INSERT OR IGNORE INTO inbox(event_id) VALUES(?)", {std::string_view(id)}));
  return db.changes() == 1;
}

Result<events::Event> read_event(const log::ConsumedRecord& record, int64_t now_ms) {
  if (record.undecodable) {
    return Error(log::LogErrc::undecodable, log::to_text(record.offset, *record.undecodable));
  }
  HAIL_ASSIGN_OR_RETURN(auto event, events::decode(record, now_ms));
  if (event.type() != record.topic) {
    return Error(events::EventErrc::contradiction,
                 fmt::format("an event of type {} does not belong into topic {}", event.type(),
                             record.topic));
  }
  return event;
}

class BatchApplier {
 public:
  BatchApplier(const BatchRules& rules, Reactor& reactor, store::Database& db)
      : rules_(rules), reactor_(reactor), db_(db), outbox_(db) {}

  Status apply(const log::ConsumedRecord& record) {
    const auto event = read_event(record, rules_.now_ms);
    // What has no readable id is known by its place in the log.
    HAIL_ASSIGN_OR_RETURN(const bool is_new, enter(event.ok() ? event->id : place_of(record)));
    if (!is_new) {
      ++counts_.already_known;
      return {};
    }
    if (!event.ok()) return keep_as_dead_letter(record, event.error());
    const auto outcome = db_.in_savepoint([&] { return reactor_.react(*event, db_, outbox_); });
    if (outcome.ok()) {
      ++counts_.applied;
      return {};
    }
    if (!outcome.error().is(ReactErrc::permanent)) return outcome;
    reactor_.rolled_back();
    return keep_as_dead_letter(record, outcome.error());
  }

  [[nodiscard]] const BatchCounts& counts() const { return counts_; }

 private:
  Result<bool> enter(const std::string& id) {
    if (!rules_.use_inbox) return true;
    return enter_inbox(db_, id);
  }

  Status keep_as_dead_letter(const log::ConsumedRecord& record, const Error& error) {
    log_warn("event goes to dead_letter",
             {{"place", place_of(record)},
              {"error", shortened_text(error.message(), kLetterErrorBytes)}});
    ++counts_.dead_letters;
    return outbox_.publish(std::string(events::kDeadLetterTopic),
                           dead_letter_of(record, rules_.group, error, rules_.attempts));
  }

  const BatchRules& rules_;
  Reactor& reactor_;
  store::Database& db_;
  Outbox outbox_;
  BatchCounts counts_;
};

}  // namespace

Result<BatchCounts> apply_batch(const std::vector<log::ConsumedRecord>& records,
                                const BatchRules& rules, Reactor& reactor, store::Database& db) {
  BatchApplier applier(rules, reactor, db);
  for (const auto& record : records) {
    if (auto applied = applier.apply(record); !applied.ok()) {
      return std::move(applied).error().in(place_of(record));
    }
  }
  return applier.counts();
}

}  // namespace hailstorm::service
