#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/metrics.h"
#include "common/base/result.h"
#include "common/store/database.h"

namespace hailstorm::service {

enum class WriterErrc { stopping };
[[nodiscard]] std::string_view name_of(WriterErrc code);

/// The one writer of a process's database. All work that waits when it begins shares one
/// transaction, and so one fsync; each piece has a savepoint of its own, so that a failing one
/// takes nothing else with it.
///
/// Without start() it has no thread: submit() does the work on the calling thread, and then one
/// thread alone may use it.
///
/// Thread safety: submit() and submit_soon() may be called from any thread but the writer's own.
class Writer {
 public:
  using Work = std::function<Status(store::Database&)>;
  using Done = std::function<void(Status)>;
  struct Listener {
    /// A piece of work, or all of a transaction, was rolled back.
    std::function<void()> rolled_back;
    /// A transaction was committed.
    std::function<void()> committed;
    /// All pieces of work are done and the commit comes next. An error rolls all of it back.
    std::function<Status(store::Database&)> committing{};
    /// A transaction has ended: whether the store took it. A row that breaks a rule is no failure.
    std::function<void(const Status&)> ended{};
  };

  /// `clock` must remain live while it is in use.
  Writer(std::unique_ptr<store::Database> db, Listener listener, Metrics& metrics,
         const Clock& clock);
  ~Writer();  // stops
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// From now on the work is done on a thread of its own.
  void start();

  /// Calls `work(db)`, which gives a Status or a Result<T>, in a transaction, and gives the same
  /// when that is durable. The error is the work's own (nothing of it stays), a StoreErrc when the
  /// transaction could not be had or committed, or stopping.
  template <class F>
  [[nodiscard]] std::invoke_result_t<F&, store::Database&> submit(F work) {
    std::optional<std::invoke_result_t<F&, store::Database&>> outcome;
    Status done = wait_for([&](store::Database& db) { return keep(outcome, work(db)); });
    if (!done.ok()) return std::move(done).error();
    return *std::move(outcome);
  }

  /// The same without waiting: `done` gets the outcome on the writer's thread, which it must not
  /// hold up, or on this one where the writer stops.
  template <class F, class D>
  void submit_soon(F work, D done) {
    using Outcome = std::invoke_result_t<F&, store::Database&>;
    const auto outcome = std::make_shared<std::optional<Outcome>>();
    enqueue([outcome, work = std::move(work)](
                store::Database& db) mutable { return keep(*outcome, work(db)); },
            [outcome, done = std::move(done)](Status all) mutable {
              done(all.ok() ? *std::move(*outcome) : Outcome(std::move(all).error()));
            });
  }

  /// Does all that waits in one transaction; false: nothing waits. For the writer's thread, or a
  /// test without one.
  bool run_once();

  /// Finishes what waits, then ends the thread. Later submissions are refused.
  void stop();

 private:
  struct Job {
    const Work* work;
    Status outcome;
  };
  /// One for whose outcome no thread waits.
  struct OwnedJob {
    Work work;
    Done done;
    Job job;
  };
  /// The jobs of one transaction. Their threads are woken together, and no others with them.
  struct Batch {
    std::vector<Job*> jobs;
    std::deque<OwnedJob> owned;  // of these
    bool done = false;
    std::condition_variable finished;
  };

  /// Stores the outcome of a piece of work; gives whether it succeeded.
  template <class Outcome>
  static Status keep(std::optional<Outcome>& kept, Outcome outcome) {
    Status status = outcome.ok() ? Status() : Status(outcome.error());
    kept.emplace(std::move(outcome));
    return status;
  }
  [[nodiscard]] Status wait_for(const Work& work);
  void enqueue(Work work, Done done);
  void run();
  void commit_together(const std::vector<Job*>& jobs);
  Status do_together(const std::vector<Job*>& jobs);
  void report_end(const Status& all, const std::vector<Job*>& jobs) const;
  Status in_savepoint(const Work& work);

  std::unique_ptr<store::Database> db_;
  Listener listener_;
  const Clock& clock_;
  Counter& commits_;
  Histogram& commit_seconds_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::shared_ptr<Batch> waiting_ = std::make_shared<Batch>();
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace hailstorm::service
