#include "common/service/upkeep.h"

#include <string>
#include <utility>
#include <vector>

#include "common/events/events.h"
#include "common/service/replay.h"
#include "common/store/database.h"

namespace hailstorm::service {
namespace {

constexpr int kLookEveryMs = 500;
constexpr int kAnswerMs = 1'000;
constexpr int64_t kSilenceMs = 3'000;  // of the log; then it does not answer

/// Every service publishes what it cannot handle.
std::vector<std::string> written_by(const Reactor& reactor) {
  auto topics = reactor.publishes();
  topics.emplace_back(events::kDeadLetterTopic);
  return topics;
}

/// Writes a page and changes nothing.
Status write_a_page(store::Database& db) {
  int64_t id = 0;
  HAIL_RETURN_IF_ERROR(
      db.query("PRAGMA application_id", {}, [&](const store::Row& row) { id = row.integer(0); }));
  return db.run("PRAGMA application_id=" + std::to_string(id));
}

}  // namespace

void note_store(Health& health, const Status& outcome) {
  if (outcome.ok()) return health.readiness.clear(Reason::store);
  health.readiness.set(Reason::store, "the store takes no writes: " + outcome.error().message());
}

Upkeep::Upkeep(log::Engine& engine, const Reactor& reactor, Writer& writer, OldestRow oldest_row,
               Health& health, bool needs_the_log, const Clock& clock)
    : topics_(engine.make_admin(kAnswerMs), topics_read_by(reactor), written_by(reactor), health),
      writer_(writer),
      oldest_row_(std::move(oldest_row)),
      health_(health),
      needs_the_log_(needs_the_log),
      clock_(clock),
      answered_ms_(clock.steady_ms()) {}

Upkeep::~Upkeep() { request_stop(); }

void Upkeep::start() {
  const auto pass = [this]() -> std::optional<int> {
    if (stopping_) return std::nullopt;
    run_once();
    return kLookEveryMs;
  };
  thread_.start(pass, kLookEveryMs);
}

void Upkeep::request_stop() {
  stopping_ = true;
  thread_.wake();
}

void Upkeep::run_once() {
  look_at_store();
  const bool log_answers = look_at_log(clock_.steady_ms());
  look_at_outbox(log_answers, clock_.steady_ms());
}

/// Without writes the store would still be called full after there is room again.
void Upkeep::look_at_store() {
  if (health_.readiness.why(Reason::store).empty() || is_trying_->exchange(true)) return;
  writer_.submit_soon(write_a_page, [trying = is_trying_](const Status&) { *trying = false; });
}

bool Upkeep::look_at_log(int64_t now_ms) {
  const auto looked = topics_.look();
  if (looked.ok() || !looked.error().is(log::LogErrc::unavailable)) {
    answered_ms_ = now_ms;
    health_.readiness.clear(Reason::log);
    return true;
  }
  if (needs_the_log_ && now_ms - answered_ms_ >= kSilenceMs)
    health_.readiness.set(Reason::log, "the log does not answer: " + looked.error().message());
  return false;
}

void Upkeep::look_at_outbox(bool log_answers, int64_t now_ms) {
  const auto oldest = oldest_row_();
  if (!oldest.ok()) return;  // the store's own reason says it
  const auto why = outbox_.look(*oldest, log_answers, now_ms);
  if (why.empty()) {
    health_.readiness.clear(Reason::outbox);
  } else {
    health_.readiness.set(Reason::outbox, why);
  }
}

}  // namespace hailstorm::service
