#include "common/service/consumer_loop.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "common/base/logging.h"
#include "common/service/log_positions.h"
#include "common/service/replay.h"
#include "common/service/unsafe.h"

namespace hailstorm::service {
namespace {

constexpr int kPollMs = 500;
constexpr int kAdminTimeoutMs = 1000;
constexpr int kFirstPauseMs = 20;
constexpr int kLongestPauseMs = 2000;

/// Ends the loop's pass when a stop is requested.
class StopWatcher {
 public:
  StopWatcher(StopSignal& stop, ConsumerLoop& loop)
      : stop_(stop), thread_([&stop, &loop] {
          stop.wait();
          loop.request_stop();
        }) {}
  ~StopWatcher() {
    stop_.request();
    thread_.join();
  }

 private:
  StopSignal& stop_;
  std::thread thread_;
};

std::vector<std::string> topics_of_platform() {
  std::vector<std::string> topics = events::all_types();
  topics.emplace_back(events::kDeadLetterTopic);
  topics.emplace_back(events::kReplayTopic);
  return topics;
}

log::TopicSettings settings_of(const std::string& topic, const std::string& flush) {
  log::TopicSettings settings;
  settings.flush_always = flush == "always";
  if (topic == events::kReplayTopic) settings.partitions = kReplayPartitions;
  return settings;
}

Counter& events_counter(Metrics& metrics, const char* outcome) {
  return metrics.counter("hailstorm_events_total", "Events handled, by what became of them.",
                         {{"outcome", outcome}});
}

}  // namespace

ConsumerLoop::ConsumerLoop(log::Engine& engine, const ServiceSettings& settings, Writer& writer,
                           Reactor& reactor, Health& health, Metrics& metrics, const Clock& clock,
                           std::function<void()> own_records_known)
    : engine_(engine),
      settings_(settings),
      writer_(writer),
      reactor_(reactor),
      health_(health),
      clock_(clock),
      recovery_(engine, settings, writer, reactor, health.readiness, clock),
      own_records_known_(std::move(own_records_known)),
      applied_(events_counter(metrics, "applied")),
      already_known_(events_counter(metrics, "already_known")),
      dead_letters_(events_counter(metrics, "dead_letter")),
      commits_first_(is_unsafe(settings.unsafe, kCommitBeforeEffect)),
      back_off_(kFirstPauseMs, kLongestPauseMs) {}

void ConsumerLoop::run(StopSignal& stop) {
  const StopWatcher watcher(stop, *this);
  while (!stop.requested()) {
    if (const int pause_ms = run_once(); pause_ms > 0) (void)stop.wait_for(pause_ms);
  }
  leave_group();
}

void ConsumerLoop::request_stop() {
  stopping_ = true;
  const std::lock_guard lock(consumer_mutex_);
  if (consumer_) consumer_->wake();
}

int ConsumerLoop::run_once() {
  switch (phase_) {
    case Phase::making_topics:
      return make_topics();
    case Phase::recovering:
      return recover();
    case Phase::reading:
      return unapplied_.records.empty() ? read() : apply();
  }
  return 0;
}

int ConsumerLoop::make_topics() {
  if (!admin_) admin_ = engine_.make_admin(kAdminTimeoutMs);
  const auto topics = topics_of_platform();
  for (; topics_made_ < topics.size(); ++topics_made_) {
    const std::string& topic = topics[topics_made_];
    if (const auto made = admin_->create_topic(topic, settings_of(topic, settings_.topic_flush));
        !made.ok()) {
      log_warn("waiting for the log", {{"topic", topic}, made.error()});
      return back_off_.next_ms();
    }
    if (stopping_) return 0;
  }
  admin_.reset();
  back_off_.reset();
  phase_ = Phase::recovering;
  return 0;
}

int ConsumerLoop::recover() {
  if (!recovery_.try_begin(own_records_known_, [this] { return stopping_.load(); })) {
    return back_off_.next_ms();
  }
  back_off_.reset();
  phase_ = Phase::reading;
  return 0;
}

int ConsumerLoop::read() {
  if (!consumer_) join_group();
  const auto polled = consumer_->poll(kPollMs);
  note_closed(consumer_->closed_partitions());
  health_.log_trouble.set_error(polled.ok() ? "" : polled.error().message());
  if (lacks_positions_) leave_group();
  if (!polled.ok()) log_warn("cannot read from the log now", {polled.error()});
  if (!polled.ok() || !consumer_) {
    health_.in_group = false;
    return back_off_.next_ms();
  }
  back_off_.reset();
  health_.in_group = !consumer_->assignment().empty() || !health_.log_trouble.closed().empty();
  health_.log_trouble.set_missing_topics(consumer_->missing_topics());
  health_.lag = consumer_->lag() + static_cast<int64_t>(polled->size());
  if (polled->empty()) {
    recovery_.look_again();
    return 0;
  }
  keep_unapplied(*polled);
  if (commits_first_) commit_offsets();
  return phase_ == Phase::reading ? apply() : 0;
}

void ConsumerLoop::join_group() {
  log::ConsumerOptions options;
  options.group = settings_.name;
  options.instance_id = settings_.instance_id;
  options.session_timeout_ms = static_cast<int32_t>(settings_.session_timeout_ms);
  auto consumer = engine_.make_consumer(std::move(options));
  log::RebalanceListener listener;
  listener.assigned = [this](const auto& ids) { begin_where_the_store_is(ids); };
  consumer->subscribe(topics_read_by(reactor_), std::move(listener));
  const std::lock_guard lock(consumer_mutex_);
  consumer_ = std::move(consumer);
}

void ConsumerLoop::leave_group() {
  lacks_positions_ = false;
  std::unique_ptr<log::Consumer> left;
  {
    const std::lock_guard lock(consumer_mutex_);
    left = std::move(consumer_);
  }
}

/// An instance that has a partition reads on where the store is, whatever the group committed.
/// Where that is not known now, nothing is read: the instance leaves the group and joins it again.
void ConsumerLoop::begin_where_the_store_is(const std::vector<log::TopicPartition>& ids) {
  const auto positions = recovery_.positions_of(ids);
  if (positions.ok()) return consumer_->begin_no_later_than(*positions);
  log_warn("the store's positions cannot be read now", {positions.error()});
  lacks_positions_ = true;
}

/// One line for each partition when it is closed, and one when it is open again.
void ConsumerLoop::note_closed(std::vector<log::ClosedPartition> now) {
  const auto before = health_.log_trouble.closed();
  const auto holds = [](const auto& all, const log::TopicPartition& id) {
    return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.id == id; });
  };
  for (const auto& [id, why] : now) {
    if (holds(before, id)) continue;
    log_error(
        "a partition is closed; the others are read",
        {distinct_by({"topic", id.topic}), distinct_by({"partition", id.partition}), {"why", why}});
  }
  for (const auto& [id, why] : before) {
    if (holds(now, id)) continue;
    log_info("a partition is not closed any more, or belongs to another instance",
             {{"topic", id.topic}, {"partition", id.partition}});
  }
  health_.log_trouble.set_closed(std::move(now));
}

/// All attempts of a batch see the same time.
void ConsumerLoop::keep_unapplied(std::vector<log::ConsumedRecord> records) {
  if (recovery_.has_gap_before(records)) phase_ = Phase::recovering;
  unapplied_.records = std::move(records);
  unapplied_.rules = {settings_.name, !is_unsafe(settings_.unsafe, kNoInbox), {}, clock_.wall_ms()};
}

int ConsumerLoop::apply() {
  const auto& records = unapplied_.records;
  const auto member = consumer_->member();
  Handling& handling = unapplied_.rules.handling;
  handling = {member.id, settings_.instance_id, member.epoch, handling.attempt, clock_.wall_ms()};
  const auto counts = writer_.submit([&](store::Database& db) -> Result<BatchCounts> {
    HAIL_ASSIGN_OR_RETURN(const BatchCounts applied,
                          apply_batch(records, unapplied_.rules, reactor_, db));
    HAIL_RETURN_IF_ERROR(recovery_.applied(records, db));
    return applied;
  });
  if (!counts.ok()) {
    log_warn("a batch is tried again", {{"attempt", handling.attempt}, counts.error()});
    ++handling.attempt;
    return back_off_.next_ms();
  }
  back_off_.reset();
  recovery_.committed(records);
  note_applied(*counts);
  if (!commits_first_) commit_offsets();
  health_.lag = consumer_->lag();
  unapplied_.records.clear();
  return 0;
}

/// When this fails the records are delivered again, and the inbox knows them.
void ConsumerLoop::commit_offsets() {
  const auto committed = consumer_->commit(positions_after(unapplied_.records));
  if (!committed.ok()) log_warn("offsets not committed", {committed.error()});
}

void ConsumerLoop::note_applied(const BatchCounts& counts) {
  applied_.add(static_cast<uint64_t>(counts.applied));
  already_known_.add(static_cast<uint64_t>(counts.already_known));
  dead_letters_.add(static_cast<uint64_t>(counts.dead_letters));
  health_.events += counts.applied + counts.dead_letters;
  health_.dead_letters += counts.dead_letters;
}

}  // namespace hailstorm::service
