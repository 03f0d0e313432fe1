#pragma once

#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace hailstorm::gateway {

/// The rides that are on their way down the chain: a limited number, each once.
///
/// Thread safety: safe.
class InFlight {
 public:
  explicit InFlight(size_t limit) : limit_(limit) {}

  enum class Answer { entered, same_ride, full };

  /// One ride's place; empty unless `answer` is entered. Leaves when it ends.
  class Place {
   public:
    Place(InFlight* owner, std::string ride_id, Answer answer)
        : owner_(owner), ride_id_(std::move(ride_id)), answer_(answer) {}
    ~Place() {
      if (answer_ == Answer::entered) owner_->leave(ride_id_);
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    [[nodiscard]] Answer answer() const noexcept { return answer_; }

   private:
    InFlight* owner_;
    std::string ride_id_;
    Answer answer_;
  };

  /// As many rides are on their way as may be.
  [[nodiscard]] bool is_full() const {
    const std::lock_guard lock(mutex_);
    return rides_.size() >= limit_;
  }

  /// This object must remain live while the place is.
  [[nodiscard]] Place enter(const std::string& ride_id) {
    const std::lock_guard lock(mutex_);
    if (rides_.contains(ride_id)) return {this, ride_id, Answer::same_ride};
    if (rides_.size() >= limit_) return {this, ride_id, Answer::full};
    rides_.insert(ride_id);
    return {this, ride_id, Answer::entered};
  }

 private:
  void leave(const std::string& ride_id) {
    const std::lock_guard lock(mutex_);
    rides_.erase(ride_id);
  }

  const size_t limit_;
  mutable std::mutex mutex_;
  std::set<std::string> rides_;
};

}  // namespace hailstorm::gateway
