#include "common/service/writer.h"

#include <utility>

#include "common/base/enum_name.h"

namespace hailstorm::service {

namespace {

Error stopping() { return {WriterErrc::stopping, "the service is stopping; ask again later"}; }

}  // namespace

std::string_view name_of(WriterErrc code) { return enum_name(code); }

Writer::Writer(std::unique_ptr<store::Database> db, Listener listener, Metrics& metrics,
               const Clock& clock)
    : db_(std::move(db)),
      listener_(std::move(listener)),
      clock_(clock),
      commits_(metrics.counter("hailstorm_store_commits_total", "Transactions committed.")),
      commit_seconds_(metrics.histogram("hailstorm_store_transaction_seconds",
                                        "From BEGIN to the end of COMMIT.",
                                        {0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 1})) {}

Writer::~Writer() { stop(); }

void Writer::start() {
  const std::lock_guard lock(mutex_);
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
}

Status Writer::wait_for(const Work& work) {
  Job job{&work, {}};
  std::unique_lock lock(mutex_);
  if (stopping_) return stopping();
  const auto batch = waiting_;
  batch->jobs.push_back(&job);
  if (thread_.joinable()) {
    arrived_.notify_one();
    batch->finished.wait(lock, [&] { return batch->done; });
  } else {
    lock.unlock();
    run_once();
  }
  return std::move(job.outcome);
}

void Writer::enqueue(Work work, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      OwnedJob& owned = waiting_->owned.emplace_back();
      owned.work = std::move(work);
      owned.done = std::move(done);
      owned.job.work = &owned.work;
      waiting_->jobs.push_back(&owned.job);
      arrived_.notify_one();
      return;
    }
  }
  done(stopping());
}

void Writer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  if (thread_.joinable()) thread_.join();
  run_once();  // without a thread
}

void Writer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    arrived_.wait(lock, [&] { return stopping_ || !waiting_->jobs.empty(); });
    if (waiting_->jobs.empty()) return;
    lock.unlock();
    run_once();
    lock.lock();
  }
}

bool Writer::run_once() {
  std::unique_lock lock(mutex_);
  if (waiting_->jobs.empty()) return false;
  const auto batch = std::exchange(waiting_, std::make_shared<Batch>());
  lock.unlock();
  commit_together(batch->jobs);
  lock.lock();
  batch->done = true;
  batch->finished.notify_all();
  lock.unlock();
  for (OwnedJob& owned : batch->owned) owned.done(std::move(owned.job.outcome));
  return true;
}

Status Writer::in_savepoint(const Work& work) {
  auto outcome = db_->in_savepoint([&] { return work(*db_); });
  if (!outcome.ok() && listener_.rolled_back) listener_.rolled_back();
  return outcome;
}

/// The first job needs no savepoint: where it fails, nothing else is in the transaction yet, and
/// that begins again. Within a savepoint SQLite walks through the pages which it has kept for that
/// one whenever an inner one ends: with a large batch of events this was half of all work.
Status Writer::do_together(const std::vector<Job*>& jobs) {
  HAIL_RETURN_IF_ERROR(db_->begin_immediate());
  Job& first = *jobs.front();
  first.outcome = (*first.work)(*db_);
  if (!first.outcome.ok()) {
    db_->rollback();
    if (listener_.rolled_back) listener_.rolled_back();
    HAIL_RETURN_IF_ERROR(db_->begin_immediate());
  }
  for (size_t i = 1; i < jobs.size(); ++i) jobs[i]->outcome = in_savepoint(*jobs[i]->work);
  if (listener_.committing) HAIL_RETURN_IF_ERROR(listener_.committing(*db_));
  return db_->commit();
}

void Writer::commit_together(const std::vector<Job*>& jobs) {
  const int64_t start_us = clock_.steady_us();
  const Status all = do_together(jobs);
  if (all.ok()) {
    commits_.add();
    commit_seconds_.observe(static_cast<double>(clock_.steady_us() - start_us) / 1e6);
    if (listener_.committed) listener_.committed();
    return report_end(all, jobs);
  }
  db_->rollback();
  if (listener_.rolled_back) listener_.rolled_back();
  for (auto* job : jobs) {
    if (job->outcome.ok()) job->outcome = all;
  }
  report_end(all, jobs);
}

void Writer::report_end(const Status& all, const std::vector<Job*>& jobs) const {
  if (!listener_.ended) return;
  const auto is_of_the_store = [](const Status& outcome) {
    if (outcome.ok()) return false;
    const auto code = outcome.error().as<store::StoreErrc>();
    return code && *code != store::StoreErrc::constraint;
  };
  if (is_of_the_store(all)) return listener_.ended(all);
  for (const auto* job : jobs) {
    if (is_of_the_store(job->outcome)) return listener_.ended(job->outcome);
  }
  listener_.ended({});
}

}  // namespace hailstorm::service
