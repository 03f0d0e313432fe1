#include "common/service/apply_batch.h"

#include <fmt/format.h>

#include "common/base/logging.h"
#include "common/service/dead_letter.h"
#include "common/service/outbox.h"
#include "common/service/replay.h"

namespace hailstorm::service {
namespace {

std::string place_of(const log::ConsumedRecord& record) {
  return fmt::format("{}/{}/{}", record.topic, record.partition, record.offset);
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
      : rules_(rules),
        reactor_(reactor),
        db_(db),
        inbox_(db, rules.handling, rules.use_inbox),
        outbox_(db) {}

  Status apply(const log::ConsumedRecord& record) {
    if (record.topic == events::kReplayTopic) return apply_replay(record);
    const auto event = read_event(record, rules_.now_ms);
    const std::string id = id_of(record, event);
    HAIL_ASSIGN_OR_RETURN(const bool is_new, inbox_.enter(id));
    if (!is_new) return skip();
    const auto took_effect = take_effect(record, event, rules_.handling.attempt);
    return took_effect.ok() ? Status() : Status(took_effect.error());
  }

  [[nodiscard]] const BatchCounts& counts() const { return counts_; }

 private:
  using ReadEvent = Result<events::Event>;

  /// What has no readable id is known by its place in the log.
  static std::string id_of(const log::ConsumedRecord& record, const ReadEvent& event) {
    return event.ok() ? event->id : place_of(record);
  }

  Status apply_replay(const log::ConsumedRecord& record) {
    const auto replay = read_replay(record);
    if (replay.ok() && replay->group != rules_.group) return {};
    HAIL_ASSIGN_OR_RETURN(const bool is_new, inbox_.enter(place_of(record)));
    if (!is_new) return skip();
    if (!replay.ok()) return keep_as_dead_letter(record, replay.error(), rules_.handling.attempt);
    const auto& original = replay->original;
    const auto event = read_event(original, rules_.now_ms);
    const std::string id = id_of(original, event);
    HAIL_ASSIGN_OR_RETURN(const bool may_take_effect, inbox_.reopen(place_of(original), id));
    if (!may_take_effect) return skip();
    HAIL_ASSIGN_OR_RETURN(const bool took_effect,
                          take_effect(original, event, replay->attempts + rules_.handling.attempt));
    return took_effect ? inbox_.settle(place_of(original), id) : Status();
  }

  Status skip() {
    ++counts_.already_known;
    return {};
  }

  /// False: it became a dead letter.
  Result<bool> take_effect(const log::ConsumedRecord& record, const ReadEvent& event,
                           int64_t attempts) {
    const Status outcome =
        event.ok() ? db_.in_savepoint([&] { return reactor_.react(*event, db_, outbox_); })
                   : Status(event.error());
    if (outcome.ok()) {
      ++counts_.applied;
      return true;
    }
    if (event.ok()) {
      if (!outcome.error().is(ReactErrc::permanent)) return outcome.error();
      reactor_.rolled_back();
    }
    HAIL_RETURN_IF_ERROR(inbox_.count_letter(id_of(record, event)));
    HAIL_RETURN_IF_ERROR(keep_as_dead_letter(record, outcome.error(), attempts));
    return false;
  }

  Status keep_as_dead_letter(const log::ConsumedRecord& record, const Error& error,
                             int64_t attempts) {
    log_warn("event goes to dead_letter",
             {{"place", place_of(record)},
              {"error", shortened_text(error.message(), kLetterErrorBytes)}});
    ++counts_.dead_letters;
    return outbox_.publish(std::string(events::kDeadLetterTopic),
                           dead_letter_of(record, rules_.group, error, attempts));
  }

  const BatchRules& rules_;
  Reactor& reactor_;
  store::Database& db_;
  Inbox inbox_;
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
