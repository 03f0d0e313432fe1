#include "services/lab/faults/slow_fault.h"

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <fmt/format.h>
#include <mutex>
#include <thread>

#include "common/json/member_reader.h"
#include "services/lab/faults/proc.h"
#include "services/lab/faults/process_fault.h"

namespace hailstorm::lab {
namespace {

using std::chrono::microseconds;

constexpr microseconds kPeriod(100'000);
constexpr microseconds kLookEvery(1'700);  // no divisor of the period
constexpr microseconds kLookFor(500'000);
constexpr double kTolerance = 12;  // percent points: a busy machine wakes the turns late

/// Stops a process and lets it go by turns, on a thread of its own. Thread safety: made and ended
/// by one thread.
class Turns {
 public:
  Turns(std::function<void()> stop, std::function<void()> go, int share_percent)
      : stop_(std::move(stop)),
        go_(std::move(go)),
        runs_for_(kPeriod * share_percent / 100),
        thread_([this] { loop(); }) {}
  ~Turns() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    changed_.notify_one();
    thread_.join();
    go_();
  }
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;

 private:
  void loop() {
    // Whole periods by the clock: a turn that begins late does not shift the ones after it.
    auto begin = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    const auto is_over = [this] { return is_over_; };
    while (!is_over_) {
      go_();
      if (changed_.wait_until(lock, begin + runs_for_, is_over)) break;
      stop_();
      begin += kPeriod;
      if (changed_.wait_until(lock, begin, is_over)) break;
      if (std::chrono::steady_clock::now() > begin + kPeriod) {
        begin = std::chrono::steady_clock::now();  // the machine was away; nothing is made up for
      }
    }
  }

  const std::function<void()> stop_;
  const std::function<void()> go_;
  const microseconds runs_for_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_over_ = false;
  std::thread thread_;  // last: it uses all of the above
};

class SlowFault final : public ProcessFault {
 public:
  SlowFault(ProcessControl& processes, const FaultRequest& request, int share_percent)
      : ProcessFault(processes, request), share_percent_(share_percent) {}

  Status inject() override {
    HAIL_RETURN_IF_ERROR(living());
    turns_ =
        std::make_unique<Turns>([this] { processes().hold_stopped(name(), holder(), true); },
                                [this] { processes().release(name(), holder()); }, share_percent_);
    return {};
  }
  Status revert() override {
    turns_.reset();
    return {};
  }
  Probe is_in_effect() override {
    if (turns_ == nullptr) return serves(Effect::off);
    const auto view = processes().look(name());
    if (!view.ok() || view->pid == 0) return {Effect::unclear, name() + " has no process"};
    const double runs = running_percent(view->pid);
    const bool is_on = std::abs(runs - share_percent_) <= kTolerance && runs > 0 && runs < 100;
    return {is_on ? Effect::on : Effect::unclear,
            fmt::format("/proc/{}/status: it ran {:.0f} % of {} ms, {} % asked", view->pid, runs,
                        kLookFor.count() / 1000, share_percent_)};
  }

 private:
  static double running_percent(pid_t pid) {
    const auto end = std::chrono::steady_clock::now() + kLookFor;
    int looks = 0;
    int running = 0;
    while (std::chrono::steady_clock::now() < end) {
      ++looks;
      running += proc_status(pid).state != 'T' ? 1 : 0;
      std::this_thread::sleep_for(kLookEvery);
    }
    return 100.0 * running / looks;
  }

  const int share_percent_;
  std::unique_ptr<Turns> turns_;
};

}  // namespace

Result<std::unique_ptr<Fault>> make_slow_fault(ProcessControl& processes,
                                               const FaultRequest& request) {
  HAIL_RETURN_IF_ERROR(check_attributes(request, {"share_percent"}));
  int64_t share_percent = 0;
  if (!json::MemberReader(request.attributes).required("share_percent", share_percent).ok() ||
      share_percent < 1 || share_percent > 99) {
    return Error(FaultErrc::bad_request, "attribute share_percent must be a number of 1 to 99");
  }
  return std::unique_ptr<Fault>(
      std::make_unique<SlowFault>(processes, request, static_cast<int>(share_percent)));
}

}  // namespace hailstorm::lab
