#include "common/log/hailstorm/offset_commits.h"

#include <limits>
#include <utility>

#include "common/log/hailstorm/broker_errors.h"

namespace hailstorm::log::hail {
namespace {

constexpr int64_t kCommitPauseMs = 100;

}  // namespace

OffsetCommits::Commit OffsetCommits::add(const std::vector<Position>& positions, int32_t epoch) {
  commits_.push_back(std::make_shared<OffsetCommit>());
  commits_.back()->positions = positions;
  commits_.back()->epoch = epoch;
  return commits_.back();
}

void OffsetCommits::add_soon(const std::vector<Position>& positions, int32_t epoch) {
  const bool joins = !commits_.empty() && !commits_.back()->is_awaited &&
                     !commits_.back()->is_requested && commits_.back()->epoch == epoch;
  if (!joins) {
    commits_.push_back(std::make_shared<OffsetCommit>());
    commits_.back()->is_awaited = false;
    commits_.back()->epoch = epoch;
  }
  auto& waiting = commits_.back()->positions;
  for (const Position& position : positions) {
    std::erase_if(waiting, [&](const Position& older) { return older.id == position.id; });
    waiting.push_back(position);
  }
}

OffsetCommits::Commit OffsetCommits::start_request(int64_t now_ms) {
  if (next_due_ms() > now_ms) return nullptr;
  commits_.front()->is_requested = true;
  return commits_.front();
}

int64_t OffsetCommits::next_due_ms() const {
  const bool may_be_due = !commits_.empty() && !commits_.front()->is_requested;
  return may_be_due ? commits_.front()->not_before_ms : std::numeric_limits<int64_t>::max();
}

std::optional<Error> OffsetCommits::on_reply(const Commit& commit, const wire::Outcome& outcome,
                                             int64_t now_ms) {
  commit->is_requested = false;
  // Its caller waited for too long, or membership was lost.
  if (commit->result || commits_.empty() || commits_.front() != commit) return std::nullopt;
  if (may_pass(outcome.code)) {
    commit->not_before_ms = now_ms + kCommitPauseMs;
    return std::nullopt;
  }
  const bool is_committed = outcome.code == wire::ErrorCode::none;
  commit->result = is_committed ? Status() : Status(error_of(outcome));
  commits_.pop_front();
  if (is_committed || commit->is_awaited) return std::nullopt;
  return commit->result->error();
}

void OffsetCommits::on_connection_lost() {
  for (const Commit& commit : commits_) commit->is_requested = false;
}

void OffsetCommits::fail_all(const Error& error) {
  for (const Commit& commit : std::exchange(commits_, {})) commit->result = error;
}

}  // namespace hailstorm::log::hail
