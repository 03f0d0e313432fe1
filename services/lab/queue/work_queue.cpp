#include "services/lab/queue/work_queue.h"

#include <barrier>
#include <chrono>
#include <thread>
#include <utility>

namespace hailstorm::lab {
namespace {

// Long enough that the other taker gets the next message meanwhile.
constexpr auto kWorkTakes = std::chrono::microseconds(200);

}  // namespace

bool WorkQueue::put(std::string message) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() + taken_.size() >= most_messages_) return false;
  waiting_.push_back(std::move(message));
  return true;
}

std::optional<WorkQueue::Taken> WorkQueue::take() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) return {};
  Taken taken{++last_receipt_, std::move(waiting_.front())};
  waiting_.pop_front();
  taken_[taken.receipt] = taken.message;
  return taken;
}

bool WorkQueue::acknowledge(int64_t receipt) {
  const std::lock_guard lock(mutex_);
  return taken_.erase(receipt) == 1;
}

bool WorkQueue::give_back(int64_t receipt) {
  const std::lock_guard lock(mutex_);
  const auto found = taken_.find(receipt);
  if (found == taken_.end()) return false;
  waiting_.push_front(std::move(found->second));
  taken_.erase(found);
  return true;
}

size_t WorkQueue::size() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size() + taken_.size();
}

std::vector<int64_t> empty_together(WorkQueue& queue, size_t taker_count) {
  std::vector<int64_t> counts(taker_count);
  std::barrier begin(static_cast<std::ptrdiff_t>(taker_count));
  std::vector<std::thread> takers;
  for (size_t i = 0; i < taker_count; ++i) {
    takers.emplace_back([&queue, &begin, &count = counts[i]] {
      begin.arrive_and_wait();
      while (const auto taken = queue.take()) {
        std::this_thread::sleep_for(kWorkTakes);
        queue.acknowledge(taken->receipt);
        ++count;
      }
    });
  }
  for (auto& taker : takers) taker.join();
  return counts;
}

}  // namespace hailstorm::lab
