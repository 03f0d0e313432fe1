#include "common/service/rows_in_flight.h"

#include <utility>

namespace hailstorm::service {
namespace {

/// So many acknowledged rows are erased even where older ones wait.
constexpr size_t kMaxKeptBack = 1'000;

}  // namespace

bool RowsInFlight::is_full() const {
  return waiting_.size() >= kMaxRows || waiting_bytes_ >= kMaxBytes;
}

bool RowsInFlight::has_room() const {
  const std::lock_guard lock(mutex_);
  return !is_full();
}

bool RowsInFlight::is_empty() const {
  const std::lock_guard lock(mutex_);
  return waiting_.empty();
}

bool RowsInFlight::has_failed() const {
  const std::lock_guard lock(mutex_);
  return !failed_.empty();
}

bool RowsInFlight::add(int64_t id, size_t bytes, bool is_first_of_held) {
  const std::lock_guard lock(mutex_);
  if (acknowledged_.contains(id) || !waiting_.emplace(id, bytes).second) return false;
  waiting_bytes_ += bytes;
  if (is_first_of_held) first_of_held_.insert(id);
  return true;
}

bool RowsInFlight::answered(int64_t id, const Result<log::Delivery>& delivery) {
  const std::lock_guard lock(mutex_);
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return false;
  const bool was_full = is_full();
  waiting_bytes_ -= found->second;
  waiting_.erase(found);
  const bool is_first_of_held = first_of_held_.erase(id) > 0;
  if (!delivery) {
    failed_.emplace(id, delivery.error());
    return true;
  }
  acknowledged_.insert(acknowledged_.end(), id);
  if (is_first_of_held) first_of_held_taken_.push_back(id);
  return waiting_.empty() || is_first_of_held || (was_full && !is_full());
}

RowsInFlight::Answers RowsInFlight::take_answers() {
  const std::lock_guard lock(mutex_);
  Answers answers;
  const bool take_all = waiting_.empty() || acknowledged_.size() >= kMaxKeptBack;
  const auto end =
      take_all ? acknowledged_.end() : acknowledged_.lower_bound(waiting_.begin()->first);
  answers.acknowledged.assign(acknowledged_.begin(), end);
  acknowledged_.erase(acknowledged_.begin(), end);
  for (auto& [id, error] : std::exchange(failed_, {}))
    answers.failed.push_back({id, std::move(error)});
  answers.first_of_held_taken = std::exchange(first_of_held_taken_, {});
  return answers;
}

}  // namespace hailstorm::service
