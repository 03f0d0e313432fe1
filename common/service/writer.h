#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "common/base/metrics.h"
#include "common/base/result.h"
#include "common/store/database.h"

namespace hailstorm::service {

enum class WriterErrc { stopping };
[[nodiscard]] std::string_view name_of(WriterErrc code);

/// The one thread of a process that writes to its database. Whatever waits when it gets to work
/// shares one transaction, and so one fsync; each piece has a savepoint of its own, so that a
/// failing one takes nothing else with it.
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
    /// A transaction has ended: whether the store took it. A row that breaks a rule is no failure.
    std::function<void(const Status&)> ended{};
  };

  Writer(std::unique_ptr<store::Database> db, Listener listener, Metrics& metrics);
  ~Writer();  // stops
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Runs `work` in a transaction and returns when that is durable. The error is the work's own
  /// (nothing of it stays), a StoreErrc when the transaction could not be had or committed, or
  /// stopping.
  [[nodiscard]] Status submit(const Work& work);

  /// The same without waiting: `done` gets the outcome on the writer's thread, which it must not
  /// hold up, or on this one where the writer stops.
  void submit_soon(Work work, Done done);

  /// Finishes what waits, then ends the thread. Later submissions are refused.
  void stop();

 private:
  struct Job {
    const Work* work;
    Status outcome;
  };
  /// One that nobody waits for.
  struct OwnedJob {
    Work work;
    Done done;
    Job job;
  };
  /// What shares a transaction. Its callers are woken together, and nobody else with them.
  struct Batch {
    std::vector<Job*> jobs;
    std::deque<OwnedJob> owned;  // of these
    bool done = false;
    std::condition_variable finished;
  };
  void run();
  void commit_together(const std::vector<Job*>& jobs);
  Status do_together(const std::vector<Job*>& jobs);
  void report_end(const Status& all, const std::vector<Job*>& jobs) const;
  Status in_savepoint(const Work& work);

  std::unique_ptr<store::Database> db_;
  Listener listener_;
  Counter& commits_;
  Histogram& commit_seconds_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::shared_ptr<Batch> waiting_ = std::make_shared<Batch>();
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace hailstorm::service
