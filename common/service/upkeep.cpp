#include "common/service/upkeep.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/events/events.h"
#include "common/store/database.h"

namespace hailstorm::service {
namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(500);
constexpr int kAnswerMs = 1'000;
constexpr int64_t kSilenceMs = 3'000;  // of the log; then it does not answer
constexpr const char* kStore = "store";
constexpr const char* kLog = "log";
constexpr const char* kOutbox = "outbox";

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
  if (outcome) return health.readiness.clear(kStore);
  health.readiness.set(kStore, "the store takes no writes: " + outcome.error().message());
}

Upkeep::Upkeep(log::Engine& engine, const Reactor& reactor, Writer& writer, OldestRow oldest_row,
               Health& health, bool needs_the_log)
    : topics_(engine.make_admin(kAnswerMs), reactor.topics(), written_by(reactor), health),
      writer_(writer),
      oldest_row_(std::move(oldest_row)),
      health_(health),
      needs_the_log_(needs_the_log),
      answered_ms_(SystemClock().steady_ms()),
      thread_([this] { run(); }) {}

Upkeep::~Upkeep() {
  request_stop();
  thread_.join();
}

void Upkeep::request_stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_one();
}

void Upkeep::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, kLookEvery, [this] { return stopping_; })) {
    lock.unlock();
    look();
    lock.lock();
  }
}

void Upkeep::look() {
  look_at_store();
  const bool log_answers = look_at_log(SystemClock().steady_ms());
  look_at_outbox(log_answers, SystemClock().steady_ms());
}

/// A store that nobody writes to would else be called full after there is room.
void Upkeep::look_at_store() {
  if (!health_.readiness.has(kStore) || is_trying_->exchange(true)) return;
  writer_.submit_soon(write_a_page, [trying = is_trying_](const Status&) { *trying = false; });
}

bool Upkeep::look_at_log(int64_t now_ms) {
  const auto looked = topics_.look();
  if (looked || !looked.error().is(log::LogErrc::unavailable)) {
    answered_ms_ = now_ms;
    health_.readiness.clear(kLog);
    return true;
  }
  if (needs_the_log_ && now_ms - answered_ms_ >= kSilenceMs)
    health_.readiness.set(kLog, "the log does not answer: " + looked.error().message());
  return false;
}

void Upkeep::look_at_outbox(bool log_answers, int64_t now_ms) {
  const auto oldest = oldest_row_();
  if (!oldest) return;  // the store's own reason says it
  const auto why = outbox_.look(*oldest, log_answers, now_ms);
  if (why.empty()) {
    health_.readiness.clear(kOutbox);
  } else {
    health_.readiness.set(kOutbox, why);
  }
}

}  // namespace hailstorm::service
