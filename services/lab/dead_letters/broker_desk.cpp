#include "services/lab/dead_letters/broker_desk.h"

#include <algorithm>
#include <fmt/format.h>
#include <mutex>
#include <set>
#include <utility>

#include "common/events/events.h"
#include "common/log/record_check.h"
#include "common/service/replay.h"
#include "services/lab/api/errors.h"
#include "services/lab/dead_letters/log_reading.h"

namespace hailstorm::lab {
namespace {

/// Beyond these a letter may be shown as not replayed although it was, which does no harm.
constexpr int64_t kMostReplays = 10'000;

/// What became of one letter.
struct Outcome {
  DeadLetter letter;
  std::string place;  // of its replay
  std::string why;    // it is not replayed
};

json::Value to_json(const std::vector<Outcome>& outcomes) {
  json::Value letters = json::Value::array();
  int64_t replayed = 0;
  for (const Outcome& one : outcomes) {
    const bool is_replayed = one.why.empty();
    replayed += is_replayed ? 1 : 0;
    letters.push_back({{"id", text_of(one.letter.id)},
                       {"group", one.letter.group},
                       {"replayed", is_replayed},
                       {"place", one.place},
                       {"why", one.why}});
  }
  return {{"replayed", replayed}, {"letters", std::move(letters)}};
}

}  // namespace

Result<BrokerDesk::Listing> BrokerDesk::read_letters() {
  const auto admin = engine_.make_admin(timeout_ms_);
  const std::string topic(events::kDeadLetterTopic);
  Listing listing;
  HAIL_ASSIGN_OR_RETURN(const auto letters, newest(*admin, {topic}, kMostLetters));
  HAIL_ASSIGN_OR_RETURN(const auto replays,
                        newest(*admin, {std::string(events::kReplayTopic)}, kMostReplays));
  for (const Stretch& stretch : letters) listing.more += stretch.begin.offset;
  HAIL_RETURN_IF_ERROR(read_stretches(engine_, letters, timeout_ms_, [&](const auto& record) {
    if (auto letter = letter_of(record)) listing.letters.push_back(*std::move(letter));
  }));
  std::set<std::string> replayed;
  HAIL_RETURN_IF_ERROR(read_stretches(engine_, replays, timeout_ms_, [&](const auto& record) {
    if (const auto replay = service::read_replay(record); replay.ok())
      replayed.insert(replay->letter);
  }));
  for (auto& letter : listing.letters) letter.is_replayed = replayed.contains(text_of(letter.id));
  std::stable_sort(listing.letters.begin(), listing.letters.end(),
                   [](const auto& a, const auto& b) { return a.time_ms < b.time_ms; });
  return listing;
}

Result<json::Value> BrokerDesk::list() {
  HAIL_ASSIGN_OR_RETURN(const Listing listing, read_letters());
  json::Value letters = json::Value::array();
  for (const auto& letter : listing.letters) letters.push_back(lab::to_json(letter));
  return json::Value{{"dead_letters", std::move(letters)}, {"more", listing.more}};
}

Result<DeadLetter> BrokerDesk::find(const std::string& text) {
  HAIL_ASSIGN_OR_RETURN(const LetterId id, letter_id_of(text));
  HAIL_ASSIGN_OR_RETURN(const auto record,
                        record_at(engine_, {std::string(events::kDeadLetterTopic), id.partition},
                                  id.offset, timeout_ms_));
  auto letter = record ? letter_of(*record) : std::nullopt;
  if (!letter) return Error(ApiErrc::not_found, "there is no dead letter " + text_of(id));
  return *std::move(letter);
}

Result<json::Value> BrokerDesk::show(const std::string& id) {
  HAIL_ASSIGN_OR_RETURN(auto letter, find(id));
  HAIL_ASSIGN_OR_RETURN(const Listing listing, read_letters());
  for (const auto& one : listing.letters) {
    if (one.id == letter.id) letter = one;
  }
  return lab::to_json(letter);
}

Result<json::Value> BrokerDesk::replay(const std::vector<std::string>& ids) {
  std::vector<DeadLetter> letters;
  for (const auto& id : ids) {
    HAIL_ASSIGN_OR_RETURN(auto letter, find(id));
    letters.push_back(std::move(letter));
  }
  return replay(letters);
}

Result<json::Value> BrokerDesk::replay_all() {
  HAIL_ASSIGN_OR_RETURN(Listing listing, read_letters());
  std::erase_if(listing.letters, [](const auto& letter) { return letter.is_replayed; });
  return replay(listing.letters);
}

/// The record that was refused, for the topic of replays. Error bad_request: there is nothing to
/// replay.
Result<log::Record> BrokerDesk::record_for(const DeadLetter& letter) {
  const auto impossible = [](std::string why) {
    return Error(ApiErrc::bad_request, std::move(why));
  };
  if (letter.is_undecodable) return impossible("nobody can decode what lies at its place");
  if (letter.topic == events::kReplayTopic) return impossible("it is no event, but a bad replay");
  HAIL_ASSIGN_OR_RETURN(const auto original, record_at(engine_, {letter.topic, letter.partition},
                                                       letter.offset, timeout_ms_));
  if (!original) return impossible("the log has no longer what was at " + letter.place());
  if (!is_of(*original, letter)) {
    return impossible("another record is at " + letter.place() + " now: the topic was made again");
  }
  auto record = service::to_record({letter.group, letter.attempts, text_of(letter.id), *original});
  const auto fits = log::check_record(std::string(events::kReplayTopic), record);
  if (!fits.ok()) return impossible("it is too large to be sent again: " + fits.error().message());
  return record;
}

Result<json::Value> BrokerDesk::replay(const std::vector<DeadLetter>& letters) {
  std::vector<Outcome> outcomes;
  std::mutex mutex;  // the producer's answers come on its thread
  for (const auto& letter : letters) outcomes.push_back({letter, {}, {}});
  const auto producer = engine_.make_producer({});
  for (Outcome& outcome : outcomes) {
    auto record = record_for(outcome.letter);
    if (!record.ok() && !record.error().is(ApiErrc::bad_request)) return record.error();
    if (!record.ok()) {
      outcome.why = record.error().message();
      continue;
    }
    outcome.why = "the log did not answer; a second replay does no harm";
    HAIL_RETURN_IF_ERROR(producer->send(
        std::string(events::kReplayTopic), std::move(*record), [&](const auto& delivery) {
          const std::lock_guard lock(mutex);
          outcome.why = delivery.ok() ? "" : delivery.error().message();
          if (!delivery.ok()) return;
          outcome.place =
              fmt::format("{}/{}/{}", delivery->id.topic, delivery->id.partition, delivery->offset);
        }));
  }
  (void)producer->flush(timeout_ms_);  // what has no answer then says so
  const std::lock_guard lock(mutex);
  return to_json(outcomes);
}

}  // namespace hailstorm::lab
